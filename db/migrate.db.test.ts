import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Sql } from "./client.ts";
import { migrateDatabase } from "./migrate.ts";
import { connect } from "./pool.ts";
import { templateName, testDatabase } from "./testing.ts";

const { sql: root, url } = await testDatabase();
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true });
});

type Template = "template0" | typeof templateName;

/** A database for the time of a test: an empty one, or one that is migrated already. */
async function withDatabase(template: Template, work: (address: string, sql: Sql) => Promise<void>): Promise<void> {
  const name = `migrate_${randomBytes(6).toString("hex")}`;
  await root.unsafe(`create database ${name} template ${template}`);
  const address = new URL(url);
  address.pathname = `/${name}`;
  const { sql } = connect(address.href, 1);
  try {
    await work(address.href, sql);
  } finally {
    await sql.end();
    await root.unsafe(`drop database ${name} with (force)`);
  }
}

/** A copy of the functions' folder that a test may change. */
function functionsFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-functions-"));
  folders.push(folder);
  fs.cpSync("db/functions", folder, { recursive: true });
  const file = (name: string) => path.join(folder, `${name}.sql`);
  return {
    folder,
    write: (name: string, text: string) => fs.writeFileSync(file(name), text),
    change: (name: string, from: string, to: string) => {
      const text = fs.readFileSync(file(name), "utf8");
      expect(text).toContain(from);
      fs.writeFileSync(file(name), text.replace(from, to));
    },
    remove: (name: string) => fs.rmSync(file(name)),
  };
}

const appliedAt = async (sql: Sql): Promise<Map<string, number>> => {
  const rows = await sql`select name, extract(epoch from applied_at)::text as at from drizzle.applied_functions`;
  return new Map(rows.map(({ name, at }) => [name, Number(at)]));
};

/** The files that a start applied. */
async function appliedBy(sql: Sql, start: () => Promise<void>): Promise<string[]> {
  const before = await appliedAt(sql);
  await start();
  return [...(await appliedAt(sql))].filter(([name, at]) => before.get(name) !== at).map(([name]) => name);
}

/** Everything the functions' files make, and everything that hangs on it. */
const catalogue = (sql: Sql) => sql`
  select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = 'public'::regnamespace
  union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select tablename || policyname || qual || with_check from pg_policies order by 1`;

test("a database has the functions of the folder and no others, and each of them is sound", async () => {
  const texts = fs.readdirSync("db/functions").map((name) => fs.readFileSync(path.join("db/functions", name), "utf8"));
  const named = [...texts.join("\n").matchAll(/^CREATE OR REPLACE FUNCTION (\w+)/gm)].map(([, name]) => name);
  const found = await root`select proname as name from pg_proc where pronamespace = 'public'::regnamespace`;
  expect(found.map(({ name }) => name).toSorted()).toEqual(named.toSorted());
  expect(named).toEqual(expect.arrayContaining(["meter", "lease", "chain_audit_event", "protect_tables"]));
  // Applying does not look into the functions; making each again, with all tables and functions there, does.
  const functions = await root`select pg_get_functiondef(oid) as text from pg_proc
    where pronamespace = 'public'::regnamespace`;
  for (const { text } of functions) await root.unsafe(text);
});

test("a trigger stands in the file of its function, because it is dropped with it", () => {
  for (const name of fs.readdirSync("db/functions")) {
    const text = fs.readFileSync(path.join("db/functions", name), "utf8");
    const called = [...text.matchAll(/execute function (\w+)/gi)].map(([, name]) => name);
    for (const its of called)
      expect({ name, text }).toMatchObject({ text: expect.stringContaining(`FUNCTION ${its}() RETURNS trigger`) });
  }
});

test("two processes may migrate an empty database at once, and a start without changes applies nothing", async () => {
  await withDatabase("template0", async (address, sql) => {
    await Promise.all([migrateDatabase(address), migrateDatabase(address)]);
    expect([...(await appliedAt(sql)).keys()].toSorted()).toEqual(fs.readdirSync("db/functions").toSorted());
    expect(await catalogue(sql)).toEqual(await catalogue(root));
    expect(await appliedBy(sql, () => migrateDatabase(address))).toEqual([]);
  });
});

test("a changed file is applied again, and no other; a trigger it no longer names is gone", async () => {
  await withDatabase(templateName, async (address, sql) => {
    const files = functionsFolder();
    const start = () => migrateDatabase(address, files.folder);
    files.change("append-only", "% is append-only", "% only grows");
    files.change("append-only", "prices_append_only", "prices_only_grow");
    expect(await appliedBy(sql, start)).toEqual(["append-only.sql"]);
    await expect(sql`truncate audit_events`).rejects.toThrow("audit_events only grows");
    const triggers = await sql`select tgname as name from pg_trigger
      where tgrelid = 'prices'::regclass and tgname like '%grow%' or tgname = 'prices_append_only'`;
    expect(triggers.map(({ name }) => name)).toEqual(["prices_only_grow"]);
  });
});

test("policies outlive a change of the functions they ask, and a new table of organizations gets its own", async () => {
  await withDatabase(templateName, async (address, sql) => {
    const files = functionsFolder();
    const policies = () => sql`select tablename, qual, with_check from pg_policies order by tablename, policyname`;
    const before = await policies();
    expect(before.length).toBeGreaterThan(20);
    files.change("tenancy", "'all'", "'everything'");
    await migrateDatabase(address, files.folder);
    expect(await policies()).toEqual(before);
    await sql`create table younger (organization_id text)`;
    await migrateDatabase(address, files.folder);
    expect((await policies()).map(({ tablename }) => tablename)).toContain("younger");
  });
});

test("a function may change what it takes and returns, move to another file, and go", async () => {
  await withDatabase(templateName, async (address, sql) => {
    const files = functionsFolder();
    const start = () => migrateDatabase(address, files.folder);
    const made = async () => {
      const rows = await sql`select oid::regprocedure::text as name from pg_proc where proname like 'odd%' order by 1`;
      return rows.map(({ name }) => name);
    };
    const even = "create or replace function odd_even() returns integer language sql as $$ select odd_one(1) $$;";
    files.write("aa-odd", even);
    files.write("odd", "create or replace function odd_one(n integer) returns integer language sql as $$ select n $$;");
    await start();
    expect(await sql`select odd_even() as n`).toEqual([{ n: 1 }]);
    files.write(
      "odd",
      "create or replace function odd_one(n bigint) returns text language sql as $$ select n::text $$;",
    );
    files.write("aa-odd", even.replace("returns integer", "returns text"));
    await start();
    expect(await made()).toEqual(["odd_even()", "odd_one(bigint)"]);
    expect(await sql`select odd_even() as n`).toEqual([{ n: "1" }]);
    files.write("odd", "-- Nothing is left here.");
    files.write("odder", `create or replace function odd_one(m bigint) returns text language sql as $$ select 'm' $$;`);
    await start();
    expect(await sql`select odd_even() as n`).toEqual([{ n: "m" }]);
    for (const name of ["odd", "odder", "aa-odd"]) files.remove(name);
    await start();
    expect(await made()).toEqual([]);
    expect([...(await appliedAt(sql)).keys()].filter((name) => name.includes("odd"))).toEqual([]);
  });
});

test("a file that cannot be applied is named, and leaves everything as it was", async () => {
  await withDatabase(templateName, async (address, sql) => {
    const files = functionsFolder();
    const before = await catalogue(sql);
    files.change("append-only", "% is append-only", "% only grows");
    files.change("rates", "RETURNS json", "RETURNS jason");
    await expect(migrateDatabase(address, files.folder)).rejects.toThrow("rates.sql could not be applied");
    expect(await catalogue(sql)).toEqual(before);
    files.write("twice", "create or replace function rate_facts() returns integer language sql as $$ select 1 $$;");
    await expect(migrateDatabase(address, files.folder)).rejects.toThrow("Two files");
  });
});

test("a database from before the first release is refused with what to do, and keeps everything", async () => {
  await withDatabase("template0", async (address, sql) => {
    await sql.unsafe(`create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text, created_at bigint, name text);
      insert into drizzle.__drizzle_migrations (hash, name) values ('x', '20261123164110_foundation');
      create table users (id text); insert into users values ('usr_1')`);
    await expect(migrateDatabase(address)).rejects.toThrow(/before the first release.*\.data.*aside/s);
    expect(await sql`select * from users`).toEqual([{ id: "usr_1" }]);
    const tables = await sql`select relname as name from pg_class where relkind = 'r'
      and relnamespace in ('public'::regnamespace, 'drizzle'::regnamespace) order by 1`;
    expect(tables.map(({ name }) => name)).toEqual(["__drizzle_migrations", "users"]);
  });
});

test("a user without the right to make roles is told in one line what a superuser has to run", async () => {
  const name = `plain_${randomBytes(6).toString("hex")}`;
  await root.unsafe(`create role ${name} login password 'plain'`);
  await root.unsafe(`create database ${name} owner ${name}`);
  const address = new URL(url);
  Object.assign(address, { username: name, password: "plain", pathname: `/${name}` });
  const refusal = migrateDatabase(address.href);
  await expect(refusal).rejects.toThrow(
    new RegExp(`^The database user ${name} may not create roles[^\\n]*grant comptoir_tenant to "${name}";$`),
  );
  await root.unsafe(`grant comptoir_tenant to ${name}`);
  await migrateDatabase(address.href);
  await root.unsafe(`drop database ${name} with (force)`);
  await root.unsafe(`drop role ${name}`);
});
