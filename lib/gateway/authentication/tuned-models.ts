import { LRUCache } from "lru-cache";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { openStored } from "#lib/core/keyring/stored.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import { type Grant, type SharingStanding, standingBy } from "#lib/domain/sharing/rules.ts";
import {
  stateRefusals,
  type TunedModelState,
  tunedModelKind,
  tunedModelRights,
} from "#lib/domain/tuned-models/rules.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import type { AuthenticatedKey } from "./key-lookup.ts";

const mostRemembered = 10_000;

type Row = {
  id: string;
  model: string;
  root: string;
  job_id: Id<"tuningJob">;
  name: string | null;
  description: string | null;
  state: TunedModelState;
  owner_id: Id<"user">;
  visibility: "workspace" | "restricted";
  created_ms: number;
  blob_id: Id<"blob"> | null;
  sha256: string | null;
  upstream_model: string | null;
  upstreams: string[] | null;
  grants: Grant[];
};
type Found = { model: Row; base: Model };
type Asked = { name?: string; owner?: Id<"user"> | undefined };
type Known = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; found: Promise<Model | undefined> };

/** The tuned models of each workspace, as a key of it sees them (T-4.2.3-CONF): of others it learns nothing. */
export class TunedModels {
  readonly #sql: Sql;
  readonly #changes: ChangeFeed;
  readonly #known = new LRUCache<string, Known>({ max: mostRemembered });

  constructor(sql: Sql, changes: ChangeFeed) {
    this.#sql = sql;
    this.#changes = changes;
    changes.subscribe({ tell: (message) => this.#forget(message), forget: () => this.#known.clear() });
  }

  /**
   * The model of a name, where the key may use it or, for an agent, the person who owns that. `base` finds the one that it was
   * tuned from.
   */
  find(key: AuthenticatedKey, name: string, base: BaseOf, owner?: Id<"user">): Promise<Model | undefined> {
    const place = `${key.id} ${owner ?? ""} ${name}`;
    const known = this.#changes.isTrusted() && !key.freshness.isOutdated ? this.#known.get(place) : undefined;
    if (known) return known.found;
    const { organizationId, workspaceId } = key;
    const found = this.#read(key, base, { name, owner }).then(([model]) => model);
    const entry = { organizationId, workspaceId, found };
    this.#known.set(place, entry);
    // What could not be read is not remembered; what changed meanwhile was forgotten already.
    found.catch(() => this.#known.get(place) === entry && this.#known.delete(place));
    return found;
  }

  /** All that the key may use. */
  list(key: AuthenticatedKey, base: BaseOf): Promise<Model[]> {
    return this.#read(key, base);
  }

  async #read(key: AuthenticatedKey, base: BaseOf, { name, owner }: Asked = {}): Promise<Model[]> {
    const rows = await this.#rows(key, name);
    if (rows.length === 0) return [];
    const who = await this.#standing(key, owner);
    const seen = rows.filter((row) =>
      tunedModelRights(who, { ...row, workspaceId: key.workspaceId, ownerId: row.owner_id }).has("see"),
    );
    const models = await Promise.all(seen.map(async (model) => ({ model, base: await base(model.model) })));
    return models.flatMap(({ model, base }) => (base ? [this.#modelOf(key, { model, base })] : []));
  }

  #rows({ organizationId, workspaceId }: AuthenticatedKey, name?: string): Promise<Row[]> {
    return this.#sql<Row[]>`
      select tuned.id, tuned.model, tuned.root, tuned.job_id, tuned.name, tuned.description, tuned.state, tuned.owner_id,
        tuned.visibility, (extract(epoch from tuned.created_at) * 1000)::float8 as created_ms, tuned.blob_id, blobs.sha256,
        tuned.upstream_model, tuned.upstreams,
        coalesce((select json_agg(json_build_object('subjectId', subject_id, 'level', level)) from tuned_model_grants as given
          where given.organization_id = tuned.organization_id and given.model_id = tuned.id), '[]'::json) as grants
      from tuned_models as tuned
        left join blobs on blobs.organization_id = tuned.organization_id and blobs.id = tuned.blob_id
      where tuned.organization_id = ${organizationId} and tuned.workspace_id = ${workspaceId}
        and (${name ?? null}::text is null or tuned.id = ${name ?? null})
      order by tuned.created_at, tuned.id limit 1000`;
  }

  /** A key acts for its owner, a service key for itself, and an agent for the person who owns it, whoever asks it. */
  async #standing(key: AuthenticatedKey, owner?: Id<"user">): Promise<SharingStanding> {
    const { organizationId, workspaceId, contract } = key;
    const hasSharing = plainValue(contract, "agents.sharing", now());
    const isItself = key.isService && owner === undefined;
    const person = owner ?? key.ownerId;
    const own = { workspaceId, hasSharing, subject: isItself ? key.id : person };
    if (isItself) return { ...own, groups: [], isAdmin: false, mayUse: true, mayBuild: true };
    const [row] = await this.#sql<{ roles: string[]; groups: string[] }[]>`
      select members.roles || workspace_roles(organization_id, ${workspaceId}, user_id) as roles,
        array(select group_id from group_members as mine
          where mine.organization_id = members.organization_id and mine.user_id = members.user_id) as groups
      from members where organization_id = ${organizationId} and user_id = ${person}`;
    return standingBy(tunedModelKind, { ...own, groups: row?.groups ?? [], roles: row?.roles ?? [] });
  }

  #modelOf({ organizationId }: AuthenticatedKey, { model, base }: Found): Model {
    const { blob_id: blobId, sha256, upstream_model: upstreamModel, state } = model;
    const weights =
      blobId && sha256 ? { id: model.id, sha256, open: () => this.#weights(organizationId, blobId) } : undefined;
    return {
      ...base,
      id: model.id,
      name: model.name ?? model.id,
      description: model.description ?? `Tuned from ${model.root}.`,
      upstreamModel: upstreamModel ?? base.upstreamModel,
      aliases: [],
      createdAt: new Date(model.created_ms),
      tuned: {
        base,
        root: model.root,
        jobId: model.job_id,
        ownerId: model.owner_id,
        isArchived: state === "archived",
        refusal: state === "active" ? null : stateRefusals[state],
        isElsewhere: upstreamModel !== null,
        upstreams: model.upstreams,
        weights,
      },
    };
  }

  async #weights(organizationId: Id<"organization">, id: Id<"blob">): Promise<Uint8Array> {
    const [row] = await this.#sql<{ key: Buffer | null; bytes: string }[]>`
      select key, bytes from blobs where organization_id = ${organizationId} and id = ${id}`;
    // It was deleted between the look-up and now.
    if (!row?.key) throw new AppError("not_found", "This tuned model was deleted.", { code: "model_not_found" });
    const place = blobPlace(organizationId, id);
    const pieces: Buffer[] = [];
    const stored = await openStored({ place, label: id, wrapped: row.key, bytes: Number(row.bytes) });
    for await (const piece of stored) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  #forget(message: string): void {
    const [kind, id] = message.split(":");
    if (kind === "limit" || kind === "origins") return;
    if (kind === "catalogue") this.#known.clear();
    for (const [place, { organizationId, workspaceId }] of this.#known.entries()) {
      if (id === organizationId || id === workspaceId || place.startsWith(`${id} `)) this.#known.delete(place);
    }
  }
}

/** The base model of that id, where it is served. */
export type BaseOf = (id: string) => Model | undefined | Promise<Model | undefined>;
