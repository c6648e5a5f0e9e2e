import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { keyring, keyringPlace } from "#lib/core/keyring/keyring.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { systemContext } from "#server/system-context.ts";
import type { Options } from "./command.ts";
import { keyringCommands } from "./keyring.ts";

const { db } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyring-export-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
await settleKeyring({ ...systemContext("test"), db });

/** What the operator's terminal says. */
async function said(name: string, options: Options = {}) {
  const outcome = await keyringCommands
    .find((one) => one.name === `keyring ${name}`)
    ?.run?.({ ...systemContext("admin"), db }, options);
  if (!outcome) throw new Error(`There is no keyring ${name}.`);
  return { ...outcome, text: outcome.lines.join("\n") };
}

test("the operator sees where the keyring lies and what it has, turns it and checks it, and never sees a key", async () => {
  const before = await keyring();
  const told = [await said("status"), await said("turn"), await said("check"), await said("status")];
  expect(told.map(({ failed }) => failed ?? false)).toEqual([false, false, false, false]);
  expect(told[0]?.text).toContain(`keyring ${before.id} at ${keyringPlace()}`);
  expect(told[2]?.lines).toEqual(["It holds."]);
  const after = await keyring();
  expect(after.epoch).toBeGreaterThan(before.epoch);
  expect(after.content.key).not.toBe(before.content.key);
  const all = JSON.stringify(told);
  for (const { content, durable, hours } of [before, after])
    for (const key of [content.key, ...durable.map(({ key }) => key), ...Object.values(hours)])
      expect(all).not.toContain(key);
});

test("an export is the keyring as it lies, sealed, for its owner alone; it never takes another file's place", async () => {
  const to = path.join(folder, "copy");
  expect((await said("export", { to })).result).toMatchObject({ to, epoch: (await keyring()).epoch });
  expect(fs.readFileSync(to)).toEqual(fs.readFileSync(keyringPlace()));
  expect(fs.statSync(to).mode & 0o077).toBe(0);
  await expect(said("export", { to })).rejects.toMatchObject({ problem: "conflict" });
});

test("a keyring that is lost is told of and fails; put back from the export it holds, and without one it is renewed", async () => {
  const to = path.join(folder, "before");
  await said("export", { to });
  fs.rmSync(keyringPlace());
  expect(await said("status")).toMatchObject({ failed: true, text: expect.stringContaining("Put it back") });
  expect(await said("check")).toMatchObject({ failed: true });
  await expect(said("export", { to: path.join(folder, "none") })).rejects.toMatchObject({ problem: "not_found" });
  fs.copyFileSync(to, keyringPlace());
  expect((await said("check")).failed).toBe(false);
  await expect(said("renew")).rejects.toMatchObject({ problem: "conflict" });
  fs.rmSync(keyringPlace());
  expect((await said("renew")).text).toContain("a new keyring lies at");
  expect((await said("check")).failed).toBe(false);
});
