import type { PgAsyncDatabase } from "drizzle-orm/pg-core/async";
import { drizzle, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** Anything statements run on: the pool or an open transaction. */
export type Db = PgAsyncDatabase<PostgresJsQueryResultHKT>;
export type Sql = postgres.Sql;

type Connection = { sql: Sql; db: PostgresJsDatabase };

/** Opens a pool. Sessions run in UTC, because day arithmetic in another zone would move legal dates. */
export function connect(url: string, max = 10): Connection {
  const sql = postgres(url, { max, onnotice: () => {}, connection: { TimeZone: "UTC", application_name: "comptoir" } });
  return { sql, db: drizzle({ client: sql }) };
}

const shared = globalThis as unknown as { comptoirDatabase?: Connection };

function connection(): Connection {
  if (shared.comptoirDatabase) return shared.comptoirDatabase;
  shared.comptoirDatabase = connect(databaseUrl(), Number(process.env.DATABASE_POOL ?? 10));
  return shared.comptoirDatabase;
}

function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set: start the app with npm start, which provides a database.");
  return url;
}

/** The process's one pool; kept on globalThis because bundles and reloads load this module more than once. */
export const db = (): PostgresJsDatabase => connection().db;
/** The same pool for statements the query builder is too slow or too small for. */
export const sql = (): Sql => connection().sql;

/**
 * One more connection, for statements that run one after the other all the time: the server keeps what they need warm
 * there, where in the pool each connection would do so. A person who asked for it ends it.
 */
export const line = (): Sql => connect(databaseUrl(), 1).sql;

/** Ends the process's pool; a later `db()` opens a new one. */
export async function disconnect(): Promise<void> {
  const open = shared.comptoirDatabase;
  delete shared.comptoirDatabase;
  await open?.sql.end({ timeout: 5 });
}
