import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { env } from "#lib/core/env.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { filePart } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";
import { filesAt } from "./testing-files.ts";
import { uploadsAt } from "./testing-uploads.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const { upload } = filesAt(v1.port, sql);
const { begin, patch } = uploadsAt(v1.port);

const canary = "canary-9c41f7";

/** Where the word stands, in any table, as text or as bytes, or in what is stored beside. */
async function found(): Promise<string[]> {
  const tables = await sql`select tablename from pg_tables where schemaname = 'public'`;
  const hex = Buffer.from(canary).toString("hex");
  const inTables: string[] = [];
  for (const { tablename } of tables) {
    const [row] = await sql.unsafe(
      `select count(*)::int as count from "${tablename}" as one where one::text like '%${canary}%' or one::text like '%${hex}%'`,
    );
    if (row?.count > 0) inTables.push(tablename);
  }
  const folder = path.resolve(env().DATA_DIR, "files");
  const matches = execFileSync("sh", ["-c", `grep -rl ${canary} ${JSON.stringify(folder)} || true`]).toString();
  return [...inTables, ...matches.split("\n").filter(Boolean)];
}

test("fine-tuning 13: what a file says is nowhere in the clear while it is kept, and after its deletion neither is its name", async () => {
  const ctx = await testWorkspace(db);
  const secret = await keyOf(ctx, { scopes: ["files:write"] });
  const talk = (role: string, n: number) =>
    `{"messages":[{"role":"user","content":"${canary} ${n}"},{"role":"${role}","content":"${canary}."}]}\n`;
  const text = talk("assistant", 1) + talk("bot", 2) + talk("assistant", 3);
  const sent = await upload(secret, [filePart(text, `${canary}.jsonl`)]);
  const mended = await v1.ask(secret, "POST", `/v1/files/${sent.body.id}/reformat`);
  const at = await begin(secret, text.length);
  await patch(secret, at, 0, text.slice(0, 100));
  expect(await found()).toEqual(["files"]);
  const whole = await patch(secret, at, 100, text.slice(100));
  for (const id of [sent.body.id, mended.body.file.id, whole.headers["x-file-id"]])
    expect((await v1.ask(secret, "DELETE", `/v1/files/${id}`)).status).toBe(200);
  await sweepFiles(systemContext("test"));
  expect(await found()).toEqual([]);
});
