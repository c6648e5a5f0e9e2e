import type { Sql } from "#db/client.ts";
import { postgresStore } from "./postgres-store.ts";
import type { Store } from "./store.ts";

/** Redis where it is configured, else the database. */
export async function openStore({ sql, redisUrl }: { sql: Sql; redisUrl: string | undefined }): Promise<Store> {
  if (redisUrl === undefined) return postgresStore(sql);
  const { openRedisStore } = await import("./redis-store.ts");
  return openRedisStore(redisUrl);
}
