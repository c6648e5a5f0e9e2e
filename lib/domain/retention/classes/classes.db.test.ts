import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { classifiedTables, columnsOf } from "#lib/domain/retention/columns/rules.ts";

const { sql } = await testDatabase();

type Column = { table: string; column: string; type: string };

/** Every column of every table of the product's, partitions apart: they are their table's. */
const catalogue = () => sql<Column[]>`select relname as table, attname as column, typname as type
  from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    join pg_type on pg_type.oid = atttypid
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`;

/** What stands in one of the two and not in the other. */
function differences(columns: readonly Column[]): string[] {
  const there = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  const unclassed = columns.filter(
    ({ table, column }) => !columnsOf(table).has(column) || !(table in classifiedTables),
  );
  const gone = Object.keys(classifiedTables).flatMap((table) =>
    [...columnsOf(table).keys()].filter((name) => name !== "organization_id" && !there.has(`${table}.${name}`)),
  );
  return [...unclassed.map(({ table, column }) => `${table}.${column}`), ...gone].toSorted();
}

test("ZDR test 4: every column of every table says what is in it, and a planted one is found", async () => {
  const columns = await catalogue();
  expect(columns.length).toBeGreaterThan(800);
  expect(differences(columns)).toEqual([]);
  await sql.unsafe("create table planted (id text, prompt text); alter table keys add column planted text");
  expect(differences(await catalogue())).toEqual(["keys.planted", "planted.id", "planted.prompt"]);
  await sql.unsafe("drop table planted; alter table keys drop column planted");
  const withoutKeys = columns.filter(({ table }) => table !== "keys");
  expect(differences(withoutKeys)).toContain("hash");
});

test("T-4.2.2.2-ZDR3: what has content goes under zero retention, and no column is of two kinds", () => {
  for (const [table, { class: name }] of Object.entries(classifiedTables)) {
    const kinds = [...columnsOf(table).values()];
    // What the law has the provider keep stays against the customer's wish.
    if (kinds.includes("content") && name !== "legal-holds")
      expect(classOf(name).underZeroRetention, table).toBe("purged");
    const { class: _, ...lists } = classifiedTables[table] ?? { class: name };
    const names = Object.values(lists).flatMap((list) => list.split(" "));
    expect(new Set(names).size, table).toBe(names.length);
  }
});
