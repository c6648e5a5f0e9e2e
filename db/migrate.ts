import path from "node:path";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { runMigrations } from "graphile-worker";
import { connect } from "./client.ts";

const migrationLock = 727_001;

/** Brings a database to this version. Safe to call from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const { sql, db } = connect(url, 1);
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    await migrate(db, { migrationsFolder: path.resolve("db/migrations") });
    await runMigrations({ connectionString: url });
  } finally {
    await sql.end();
  }
}
