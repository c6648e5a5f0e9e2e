import { hash, randomBytes } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import { LRUCache } from "lru-cache";
import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { hasKeyLength, isWellFormed } from "#lib/core/api-keys/secret.ts";
import { now, timestamp } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { modelsFor, namedFor } from "#lib/domain/contract/models/rules.ts";
import { type Catalogue, loadCatalogue } from "#lib/domain/models/catalogue.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { tunedPrefix } from "#lib/domain/tuned-models/rules.ts";
import type { ChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { type AuthenticatedKey, findKey, isFromAllowed, isFromOwnPage } from "./key-lookup.ts";
import { TunedModels } from "./tuned-models.ts";

const mostKeys = 100_000;

/** What is remembered of a secret that is well formed: its key, or that it is no one's. */
type Known = AuthenticatedKey | "nobody's";

type KeyRef = Pick<AuthenticatedKey, "organizationId" | "id">;

/** The first stop of every request to `/v1`. */
export type Authenticator = {
  /**
   * The key behind a secret, or an AppError that says why not. Known keys answer without a look-up. `origin` is that of the
   * page that asks, where a page does.
   */
  authenticate: (secret: string, address: string, origin?: string) => AuthenticatedKey | Promise<AuthenticatedKey>;
  /** A key by its id, for what it asked for earlier; an AppError says why it is not good any more. */
  byId: (key: KeyRef) => Promise<AuthenticatedKey>;
  /**
   * The model a name or alias stands for now, for this key, whether or not it can be asked: tuned ones are a workspace's own.
   * An agent asks for its owner, whoever asks the agent.
   */
  model: (
    name: string,
    key: AuthenticatedKey,
    agentOwner?: Id<"user">,
  ) => Model | undefined | Promise<Model | undefined>;
  /** All models that servers have, and those that the key's workspace tuned, as far as the customer can have them. */
  models: (key: AuthenticatedKey) => Promise<Model[]>;
  /** Whether nothing of a request may be kept by now, of which its key may not know yet. */
  isQuietNow: (key: AuthenticatedKey) => boolean | Promise<boolean>;
};

export function openAuthenticator(sql: Sql, changes: ChangeFeed): Authenticator {
  const known = new LRUCache<string, Known>({ max: mostKeys });
  const tuned = new TunedModels(sql, changes);
  const asking = new Set<{ stale: boolean }>();
  const catalogue = openCatalogue(sql, changes);

  const forget = () => {
    for (const key of known.values()) outdate(key);
    known.clear();
    catalogue.forget();
    for (const question of asking) question.stale = true;
  };

  const tell = (message: string) => {
    const [kind, id] = message.split(":");
    // Limits are not remembered with keys, nor are the origins of all organizations.
    if (kind === "limit" || kind === "origins" || kind === "tuned") return;
    if (kind === "catalogue") catalogue.forget();
    // An answer on its way may have been read before the change.
    for (const question of asking) question.stale = true;
    forgetKeys(known, kind, id);
  };

  changes.subscribe({ tell, forget });

  const lookUp = async (by: KeyRef | { hash: string }, fingerprint: string): Promise<AuthenticatedKey | null> => {
    const question = { stale: false };
    asking.add(question);
    try {
      const found = await findKey(sql, by, now());
      if (!question.stale && changes.isTrusted()) known.set(fingerprint, found ?? "nobody's");
      // News of a key that is not remembered does not reach who asks with it, so what may have changed is asked again.
      else if (found) outdate(found);
      return found;
    } finally {
      asking.delete(question);
    }
  };

  return {
    authenticate: (secret, address, origin) => {
      if (!hasKeyLength(secret)) throw malformed();
      const fingerprint = fingerprintOf(secret);
      const remembered = changes.isTrusted() ? known.get(fingerprint) : undefined;
      if (remembered === "nobody's") throw unknown();
      if (remembered && timestamp() < remembered.staleAt) return usable(remembered, address, origin);
      if (!isWellFormed(secret)) throw malformed();
      return lookUp({ hash: keyedHash(secret) }, fingerprint).then((key) => {
        if (!key) throw unknown();
        return usable(key, address, origin);
      });
    },
    byId: async ({ organizationId, id }) => {
      const name = `${organizationId} ${id}`;
      const remembered = changes.isTrusted() ? known.get(name) : undefined;
      const isFresh = remembered && remembered !== "nobody's" && timestamp() < remembered.staleAt;
      const key = isFresh ? remembered : await lookUp({ organizationId, id }, name);
      if (!key) throw unknown();
      return living(key);
    },
    model: (name, key, agentOwner) => {
      if (name.startsWith(tunedPrefix)) return tuned.find(key, name, catalogue.model, agentOwner);
      const found = catalogue.model(name);
      return found instanceof Promise
        ? found.then((model) => model && namedFor(model, name, key.contract, now()))
        : found && namedFor(found, name, key.contract, now());
    },
    models: async (key) =>
      modelsFor([...(await catalogue.models()), ...(await tuned.list(key, catalogue.model))], key.contract, now()),
    isQuietNow: (key) => key.isZeroRetention || (key.freshness.isOutdated && isQuietPlace(sql, key)),
  };
}

/** The models that are the same for every key, as they are now. */
function openCatalogue(sql: Sql, changes: ChangeFeed) {
  let known: Catalogue | undefined;
  const fresh = (): Catalogue | undefined =>
    known && timestamp() < known.validUntil && changes.isTrusted() ? known : undefined;
  const loaded = async (): Promise<Catalogue> => {
    known = await loadCatalogue(drizzle({ client: sql }), now());
    return known;
  };
  return {
    model: (name: string): Model | undefined | Promise<Model | undefined> =>
      fresh() ? fresh()?.byName.get(name) : loaded().then(({ byName }) => byName.get(name)),
    models: async (): Promise<readonly Model[]> => (fresh() ?? (await loaded())).models,
    forget: () => {
      known = undefined;
    },
  };
}

// What is remembered goes under a fast fingerprint, salted for this process, so that memory holds no secret and
// the slower keyed hash is needed for look-ups only.
const salt = randomBytes(16).toString("hex");
const fingerprintOf = (secret: string): string => hash("sha256", salt + secret, "base64url");

function outdate(key: Known): void {
  if (key !== "nobody's") key.freshness.isOutdated = true;
}

/** Where it cannot be asked, nothing is kept. */
const isQuietPlace = (sql: Sql, { organizationId, workspaceId }: AuthenticatedKey): Promise<boolean> =>
  sql<{ is_quiet: boolean }[]>`select is_under_zero_retention(${organizationId}, ${workspaceId}) as is_quiet`.then(
    ([row]) => row?.is_quiet ?? true,
    () => true,
  );

function forgetKeys(known: LRUCache<string, Known>, kind: string | undefined, id: string | undefined): void {
  for (const [fingerprint, key] of known.entries()) {
    if (key !== "nobody's" && (kind === "key" ? key.id : key.organizationId) === id) {
      outdate(key);
      known.delete(fingerprint);
    }
  }
}

function usable(key: AuthenticatedKey, address: string, origin: string | undefined): AuthenticatedKey {
  refuseOver(key);
  refuseEnded(key);
  if (!isFromAllowed(key, address)) {
    throw new AppError("forbidden", `This API key may not be used from ${address}.`, { code: "address_not_allowed" });
  }
  if (!isFromOwnPage(key, origin)) throw foreignPage(origin);
  if (key.status !== "active") throw closed(key);
  return key;
}

/** The same where no one connects: what a key was good for when it asked does not depend on an address. */
function living(key: AuthenticatedKey): AuthenticatedKey {
  refuseOver(key);
  refuseEnded(key);
  if (key.status !== "active") throw closed(key);
  return key;
}

/** T-6-EFF: at the instant the agreement ends, by this process's own clock. That its keys were ended too says less. */
export function refuseOver(key: AuthenticatedKey): void {
  const { endsAt } = key.contract;
  if (key.status === "terminated" || (endsAt !== null && timestamp() >= endsAt))
    throw closed({ ...key, status: "terminated" });
}

function refuseEnded(key: AuthenticatedKey): void {
  if (key.ended === "revoked") throw unauthorized("This API key was revoked. Use its successor, or create a new key.");
  if (timestamp() >= key.endsAt) throw unauthorized("This API key has expired. Create a new key.");
  if (key.ended) throw unauthorized(endings[key.ended]);
}

const endings = {
  archived:
    "This API key's workspace is archived. An organization admin can restore it, or use a key of another workspace.",
  ownerless: "This API key has ended: its owner left its workspace. Use a key of somebody who works there.",
} as const;

const malformed = (): AppError =>
  unauthorized("This is not an API key of this platform. Check that it was copied whole.");
const unknown = (): AppError => unauthorized("This API key is not known here.");
const unauthorized = (message: string): AppError => new AppError("unauthenticated", message, { code: "unauthorized" });

function closed(key: AuthenticatedKey): AppError {
  const reason = key.statusReason ? ` ${key.statusReason}` : "";
  const message = `This organization's access is ${key.status}.${reason}`;
  if (key.status === "terminated") {
    const details = { agreement_url: publicLink("/agreement") };
    return new AppError("forbidden", `${message} An admin can come back: ${details.agreement_url}`, {
      code: "organization_terminated",
      details,
    });
  }
  const details = { reason: key.suspension, clause: key.statusClause, appeal_url: publicLink("/appeal") };
  return new AppError("forbidden", `${message} An admin can appeal: ${details.appeal_url}`, {
    code: "organization_suspended",
    details,
  });
}

function foreignPage(origin: string | undefined): AppError {
  const reason = origin
    ? `and ${origin.slice(0, 300)} is not an origin of its organization. An organization admin can add it under Organization, Settings, Web pages.`
    : "and this request has no Origin header. Use another key in programs.";
  return new AppError("forbidden", `This API key is for web pages, ${reason}`, { code: "origin_not_allowed" });
}
