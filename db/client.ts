import type { PgAsyncDatabase } from "drizzle-orm/pg-core/async";
import type { PostgresJsDatabase, PostgresJsQueryResultHKT } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { Pool } from "./pool.ts";

/** Anything statements run on: the pool or an open transaction. */
export type Db = PgAsyncDatabase<PostgresJsQueryResultHKT>;
export type Sql = postgres.Sql;

const shared = globalThis as unknown as { comptoirDatabase?: Pool };

function pool(): Pool {
  shared.comptoirDatabase ??= new Pool(databaseUrl(), Number(process.env.DATABASE_POOL ?? 10));
  return shared.comptoirDatabase;
}

function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set: start the app with npm start, which provides a database.");
  return url;
}

/** The process's one pool; kept on globalThis because bundles and reloads load this module more than once. */
export const db = (): PostgresJsDatabase => pool().db;
/** The same pool for statements the query builder is too slow or too small for. */
export const sql = (): Sql => pool().sql;

/**
 * One more connection, for statements that run one after the other all the time: the server keeps what they need warm
 * there, where in the pool each connection would do so. A person who asked for it ends it.
 */
export const line = (): Sql => new Pool(databaseUrl(), 1).sql;

/** Ends the process's pool; a later `db()` opens a new one. */
export async function disconnect(): Promise<void> {
  const open = shared.comptoirDatabase;
  delete shared.comptoirDatabase;
  await open?.end();
}
