import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { expect, test } from "vitest";
import { connect } from "#db/client.ts";
import { migrateDatabase } from "#db/migrate.ts";
import { testDatabase } from "#db/testing.ts";

const { sql: root, url } = await testDatabase();

/** The migrations before a named one, in a folder of their own. */
function before(name: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-migrations-"));
  const all = fs.readdirSync("db/migrations").toSorted();
  for (const one of all.slice(
    0,
    all.findIndex((one) => one.endsWith(name)),
  )) {
    fs.cpSync(path.join("db/migrations", one), path.join(folder, one), { recursive: true });
  }
  return folder;
}

test("rows from before there was a chain are chained in the order they were made, each organization by itself", async () => {
  const name = `older_${Date.now()}`;
  await root.unsafe(`create database ${name}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  const { sql, db } = connect(address.href, 1);
  const folder = before("_audit_chain");
  await migrate(db, { migrationsFolder: folder });
  await sql`insert into audit_events (organization_id, id, at, actor_kind, actor_id, actor_name, action, object_type, object_id,
      before, after, address, agent) select org, 'evt_' || lpad(n::text, 26, '0'), timestamptz '2026-01-01' + n * interval '1 hour',
      'user', 'usr_a', 'Ada', 'api_key.create', 'key', 'key_' || n, null, jsonb_build_object('n', n), '::1', 'vitest'
    from unnest(array['org_a', 'org_b']) as org, generate_series(1, 20) as n order by random()`;
  await sql.end();
  await migrateDatabase(address.href);
  const { sql: after } = connect(address.href, 1);
  expect(await after`select * from audit_flaws(null, 0, '')`).toEqual([]);
  const [chained] =
    await after`select count(*)::int as rows, bool_and(sequence = (after ->> 'n')::int) as ordered from audit_events`;
  expect(chained).toEqual({ rows: 40, ordered: true });
  expect((await after`select sequence::int from audit_heads`).map((head) => head.sequence)).toEqual([20, 20]);
  await expect(after`update audit_events set agent = 'x'`).rejects.toThrow("append-only");
  await after.end();
  await root.unsafe(`drop database ${name} with (force)`);
  fs.rmSync(folder, { recursive: true });
});
