import { type KeyObject, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import type { Keyring, Ring } from "#lib/core/keyring/document.ts";
import { forgetKeyring, keyring } from "#lib/core/keyring/keyring.ts";
import { contentKeyOf, ownerOf, unwrapKey, wrapKey } from "#lib/core/keyring/sealing.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";

type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };
type Row = { id: Id<"scopeKey">; ring: string; wrapped: Buffer };
type ScopeKey = { id: Id<"scopeKey">; key: Buffer };

const mostKeys = 20_000;
/** As long as the keyring is remembered. */
const derivedMs = 10_000;
/** A ring may be turned again while a key is wrapped under the one before. */
const attempts = 3;

/** The keys of the content log: of workspaces, made when they are first needed, and of what each of them asked in an hour. */
export class ScopeKeys {
  readonly #sql: Sql;
  readonly #known = new LRUCache<string, Promise<ScopeKey | null>>({ max: mostKeys });
  readonly #derived = new LRUCache<string, KeyObject>({ max: mostKeys, ttl: derivedMs });

  constructor(sql: Sql, changes: Pick<ChangeFeed, "subscribe">) {
    this.#sql = sql;
    const forget = () => this.forget();
    changes.subscribe({ tell: (message) => void (message === "keyring" && forget()), forget });
  }

  forget(): void {
    forgetKeyring();
    this.#known.clear();
    this.#derived.clear();
  }

  /** The key of a workspace; null where there is no such workspace any more. */
  get(place: Place): Promise<ScopeKey | null> {
    const owner = ownerOf(place);
    const found = this.#known.get(owner);
    if (found) return found;
    const key = this.#findOrMake(place);
    this.#known.set(owner, key);
    key.catch(() => this.#known.delete(owner));
    return key;
  }

  /** The key of what a workspace asked in an hour; null where the hour's or the workspace's is gone. */
  async contentKey(place: Place, hour: number): Promise<{ id: Id<"scopeKey">; key: KeyObject } | null> {
    const scope = await this.get(place);
    if (!scope) return null;
    const name = `${hour} ${scope.id}`;
    let key = this.#derived.get(name);
    if (!key) {
      const hourKey = (await keyring()).hours[hour];
      if (!hourKey) return null;
      key = contentKeyOf(hourKey, scope.key, place.workspaceId);
      this.#derived.set(name, key);
    }
    return { id: scope.id, key };
  }

  async #findOrMake(place: Place): Promise<ScopeKey | null> {
    for (let left = attempts; left > 0; left--) {
      const row = (await this.#find(place)) ?? (await this.#make(place));
      const ring = row && ringOf(await keyring(), row.ring);
      if (row && ring) return { id: row.id, key: unwrapKey(ring, row.wrapped, ownerOf(place)) };
      // Another process may have turned the ring meanwhile.
      forgetKeyring();
      if (!row && !(await this.#isThere(place))) return null;
    }
    throw new Fault("A workspace's key is wrapped under a ring that is not in the keyring.");
  }

  async #find({ organizationId, workspaceId }: Place): Promise<Row | undefined> {
    const [row] = await this.#sql<Row[]>`select id, ring, wrapped from scope_keys
      where organization_id = ${organizationId} and workspace_id = ${workspaceId}`;
    return row;
  }

  /** Nothing is made under a ring that is being turned away from: who turns it waits for this, and this sees that it is. */
  async #make(place: Place): Promise<Row | undefined> {
    const { organizationId, workspaceId } = place;
    const { content, contentBefore } = await keyring();
    const wrapped = wrapKey(content, randomBytes(32), ownerOf(place));
    await this.#sql`insert into scope_keys (organization_id, workspace_id, id, ring, wrapped, created_at)
      select organization_id, id, ${newId("scopeKey", now())}, ${content.id}, ${wrapped}, now() from workspaces
      where organization_id = ${organizationId} and id = ${workspaceId}
        and coalesce((select content_ring from keyring_state for share), ${content.id}) in (${content.id}, ${contentBefore?.id ?? content.id})
      on conflict do nothing`;
    return this.#find(place);
  }

  async #isThere({ organizationId, workspaceId }: Place): Promise<boolean> {
    const rows = await this
      .#sql`select from workspaces where organization_id = ${organizationId} and id = ${workspaceId}`;
    return rows.length > 0;
  }
}

const ringOf = ({ content, contentBefore }: Keyring, id: string): Ring | undefined =>
  [content, contentBefore].find((ring) => ring?.id === id) ?? undefined;
