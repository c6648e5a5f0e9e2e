import { drizzle } from "drizzle-orm/postgres-js";
import type { Sql } from "#db/client.ts";
import { now } from "#lib/clock.ts";
import { AppError } from "#lib/errors.ts";
import { keyedHash } from "#lib/secrets.ts";
import { type Catalogue, loadCatalogue, type Model } from "./catalogue.ts";
import { findKey, type GateKey, isFromAllowed } from "./keys.ts";
import { listenForNews } from "./news.ts";
import { isWellFormed } from "./secret.ts";

const mostKeys = 100_000;

/** The first stop of every request to `/v1`. */
export type Gate = {
  /** The key behind a secret, or an AppError that says why not. Known keys answer without a look-up. */
  admit: (secret: string, address: string) => Promise<GateKey>;
  /** The model a name or alias stands for now. */
  model: (name: string) => Promise<Model | undefined>;
  models: () => Promise<Model[]>;
  close: () => Promise<void>;
};

export async function openGate(sql: Sql): Promise<Gate> {
  // Null stands for a secret that is well formed and nobody's.
  const known = new Map<string, GateKey | null>();
  const asking = new Set<{ stale: boolean }>();
  let catalogue: Catalogue | undefined;

  const forgetAll = () => {
    known.clear();
    catalogue = undefined;
    for (const question of asking) question.stale = true;
  };

  const tell = (message: string) => {
    const [kind, id] = message.split(":");
    if (kind === "catalogue") catalogue = undefined;
    // An answer on its way may have been read before the change.
    for (const question of asking) question.stale = true;
    forget(known, kind, id);
  };

  const news = await listenForNews(sql, tell, forgetAll);

  const lookUp = async (hash: string): Promise<GateKey | null> => {
    const question = { stale: false };
    asking.add(question);
    try {
      const found = await findKey(sql, hash, now());
      if (!question.stale && news.isTrusted()) remember(known, hash, found);
      return found;
    } finally {
      asking.delete(question);
    }
  };

  const currentCatalogue = async (): Promise<Catalogue> => {
    if (catalogue && now() < catalogue.validUntil && news.isTrusted()) return catalogue;
    catalogue = await loadCatalogue(drizzle({ client: sql }), now());
    return catalogue;
  };

  return {
    admit: async (secret, address) => {
      if (!isWellFormed(secret))
        throw unauthorized("This is not an API key of this platform. Check that it was copied whole.");
      const hash = keyedHash(secret);
      const remembered = news.isTrusted() ? known.get(hash) : undefined;
      const key = remembered === undefined ? await lookUp(hash) : remembered;
      return usable(key, address);
    },
    model: async (name) => (await currentCatalogue()).byName.get(name),
    models: async () => (await currentCatalogue()).models,
    close: news.close,
  };
}

function forget(known: Map<string, GateKey | null>, kind: string | undefined, id: string | undefined): void {
  for (const [hash, key] of known) {
    const subject = kind === "key" ? key?.id : key?.organizationId;
    if (subject === id) known.delete(hash);
  }
}

function remember(known: Map<string, GateKey | null>, hash: string, key: GateKey | null): void {
  if (known.size >= mostKeys) {
    const oldest = known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
  }
  known.set(hash, key);
}

function usable(key: GateKey | null, address: string): GateKey {
  if (!key) throw unauthorized("This API key is not known here.");
  if (key.ended === "revoked") throw unauthorized("This API key was revoked. Use its successor, or create a new key.");
  if (now().getTime() >= key.endsAt) throw unauthorized("This API key has expired. Create a new key.");
  if (key.ended)
    throw unauthorized("This API key has ended: its workspace was archived or its owner left. Create a new key.");
  if (!isFromAllowed(key, address)) {
    throw new AppError("forbidden", `This API key may not be used from ${address}.`, { code: "address_not_allowed" });
  }
  if (key.status !== "active") throw closed(key);
  return key;
}

const unauthorized = (message: string): AppError => new AppError("unauthenticated", message, { code: "unauthorized" });

function closed(key: GateKey): AppError {
  const code = key.status === "terminated" ? "organization_terminated" : "organization_suspended";
  const reason = key.statusReason ? ` ${key.statusReason}` : "";
  return new AppError("forbidden", `This organization's access is ${key.status}.${reason}`, { code });
}
