import fs from "node:fs";
import path from "node:path";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { runMigrations } from "graphile-worker";
import type { Sql } from "./client.ts";
import { applyFunctions } from "./functions.ts";
import { connect } from "./pool.ts";
import { tenantRole } from "./tenant.ts";

const migrationLock = 727_001;

/**
 * Brings a database to this version: its tables by the numbered migrations, then its functions, triggers and policies.
 * Safe to call from several processes at once.
 */
export async function migrateDatabase(url: string, functions = path.resolve("db/functions")): Promise<void> {
  const { sql, db } = connect(url, 1);
  const migrations = path.resolve("db/migrations");
  try {
    await refuseWithoutRights(sql);
    await sql`select pg_advisory_lock(${migrationLock})`;
    await refuseUnreleased(sql, migrations);
    await migrate(db, { migrationsFolder: migrations });
    await sql.begin(async (tx) => {
      await applyFunctions(tx, functions);
      await tx`select protect_tables()`;
    });
    await runMigrations({ connectionString: url });
  } finally {
    await sql.end();
  }
}

/** The role of tenants is made once; who runs the product may not have the right to. Says what to do, in one line. */
async function refuseWithoutRights(sql: Sql): Promise<void> {
  const [found] = await sql<{ role: boolean; member: boolean; rights: boolean; person: string }[]>`
    select to_regrole(${tenantRole}) is not null as role, current_user as person,
      (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as rights,
      coalesce(pg_has_role(to_regrole(${tenantRole}), 'member'), false) as member`;
  if (!found || found.rights || (found.role && found.member)) return;
  throw new Error(
    `The database user ${found.person} may not create roles. As a superuser run: ${found.role ? "" : `create role ${tenantRole} nologin; `}grant ${tenantRole} to "${found.person}";`,
  );
}

/** A database from before the baseline cannot be carried over; it is left as it is, so that nothing in it is lost. */
async function refuseUnreleased(sql: Sql, migrations: string): Promise<void> {
  const [history] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  if (!history?.found) return;
  const applied = await sql<{ name: string }[]>`select name from drizzle.__drizzle_migrations`;
  const [baseline] = fs.readdirSync(migrations).toSorted();
  if (applied.length === 0 || applied.some(({ name }) => name === baseline)) return;
  throw new Error(
    [
      "This database was made before the first release, and this version cannot carry it over.",
      "Nothing in it was changed. Move the data folder (.data, or what DATA_DIR names) aside or name another one with",
      "DATA_DIR; where DATABASE_URL is set, let it name an empty database. Then start again.",
    ].join("\n"),
  );
}
