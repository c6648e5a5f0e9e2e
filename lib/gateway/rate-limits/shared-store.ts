import { sql } from "#db/client.ts";
import { env } from "#lib/core/env.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";

const shared = globalThis as unknown as { comptoirRates?: Promise<Store> };

/** The process's one store for pages; kept on globalThis because bundles and reloads load this module more than once. */
export function sharedStore(): Promise<Store> {
  shared.comptoirRates ??= openStore({ sql: sql(), redisUrl: env().REDIS_URL });
  return shared.comptoirRates;
}

/** For processes that end by themselves: an open connection would keep them alive. */
export async function closeSharedStore(): Promise<void> {
  const open = shared.comptoirRates;
  delete shared.comptoirRates;
  await (await open)?.close();
}
