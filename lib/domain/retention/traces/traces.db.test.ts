import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { systemContext } from "#server/system-context.ts";
import { dropTraces } from "./commands.ts";

const { db, sql } = await testDatabase();
const ctx = { ...systemContext("test"), db };
const canary = "the canary sings at dawn of the log";

/** In how many places of a folder of the database's it is. */
async function hits(folder: string): Promise<number> {
  const [row] = await sql`select current_setting('data_directory') as home`;
  const place = path.join(String(row?.home), folder);
  const names = fs.readdirSync(place, { recursive: true, encoding: "utf8" });
  const texts = names.map((name) =>
    fs.statSync(path.join(place, name), { throwIfNoEntry: false })?.isFile()
      ? fs.readFileSync(path.join(place, name), "latin1")
      : "",
  );
  return texts.reduce((sum, text) => sum + text.split(canary).length - 1, 0);
}

test("T-4.2.2.2-ZDR3 (11): what the embedded database deleted is not left in its log after a purge", async () => {
  await sql`create table said (words text)`;
  await sql`insert into said select ${canary} || n from generate_series(1, 200) as n`;
  expect(await hits("pg_wal")).toBeGreaterThan(100);
  await sql`truncate said`;
  // The control: deleting alone leaves it.
  expect(await hits("pg_wal")).toBeGreaterThan(100);
  await dropTraces(ctx, false);
  expect(await hits("pg_wal")).toBeGreaterThan(100);
  await dropTraces(ctx, true);
  expect(await hits("pg_wal")).toBe(0);
});
