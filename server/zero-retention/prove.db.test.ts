import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { checkPlaces } from "#lib/domain/zero-retention/control/commands.ts";
import { proveVersion } from "#lib/domain/zero-retention/versions/commands.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { zeroRetentionCommands } from "#server/admin/zero-retention.ts";
import { openV1 } from "#server/v1/testing.ts";

let access: string | undefined;
const real = await startFakeUpstream({
  answer: ({ body }) => {
    // As a proxy in front of it might.
    if (access) fs.writeFileSync(access, `base64 ${Buffer.from(JSON.stringify(body)).toString("base64")}`);
    return {};
  },
});
const keeping = await startFakeUpstream();
const models = [{ id: "small", price: { input: 1, output: 3 }, capabilities: { completion_chat: true } }];
process.env.UPSTREAMS = JSON.stringify([
  { id: "quiet", url: real.url, models, zdr: { since: "2026-01-01", basis: "It is a part of this test." } },
  { id: "keeping", url: keeping.url, models },
]);

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "prove-"));
afterAll(async () => {
  await v1.close();
  await real.close();
  await keeping.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
await sql`select ensure_contents_partition(now())`;

async function prove(options = {}) {
  const log = catchErrorLog();
  const command = zeroRetentionCommands.find(({ name }) => name === "zero-retention prove");
  const outcome = await command?.run?.(systemAt(db, now()), options);
  log.restore();
  if (!outcome) throw new Error("There is no such command.");
  return { ...outcome, errors: log.lines, result: outcome.result as Record<string, unknown> };
}

test("T-4.2.2.2-ZDR4: the operator proves it anywhere: nothing is found where nothing is kept, and the control is, when it is opened", async () => {
  const { failed, result, lines, errors } = await prove({ folder });
  // What its own engine breaks on purpose is no error that anyone should look into.
  expect(errors).toEqual([]);
  expect(lines.at(-1)).toMatch(/^\d+ requests, \d+ files and every table searched: found in 0 places$/);
  expect({ failed, result }).toMatchObject({
    failed: false,
    result: { clean: true, found: [], control: "found", control_opened: true, upstreams: { quiet: 200 } },
  });
  expect(result.control_in).toContain("public.usage_events");
  const { organizationId, kept, quiet } = await checkPlaces(systemAt(db, now()));
  const rows = await sql`select distinct workspace_id from contents where organization_id = ${organizationId}`;
  expect(rows.map(({ workspace_id }) => workspace_id)).toEqual([kept]);
  expect(await sql`select from usage_events where workspace_id = ${quiet} and end_user is not null`).toHaveLength(0);
  // Checked again, nothing is made twice.
  await prove();
  expect(await sql`select from organizations where name = 'Checks of zero retention'`).toHaveLength(1);
});

test("T-4.2.2.2-ZDR4: a real upstream that is said to keep nothing is asked once, in plain, and one that keeps things never", async () => {
  const [before, never] = [real.requests.length, keeping.requests.length];
  await prove();
  expect(real.requests.slice(before).map(({ body }) => JSON.stringify(body.messages))).toEqual([
    expect.stringMatching(/zq[0-9a-f]{22}/),
  ]);
  expect(keeping.requests.length).toBe(never);
});

test("T-4.2.2.2-ZDR4: what a program of the operator's writes into a folder they name is found there", async () => {
  access = path.join(folder, "access.log");
  const { failed, lines } = await prove({ folder });
  access = undefined;
  expect(failed).toBe(true);
  expect(lines).toContain("FOUND  access.log");
  await expect(prove({ folder: `${folder}/nowhere` })).rejects.toThrow("There is no folder");
});

test("T-4.2.2.2-ZDR4: a control that is not found makes a check fail, whatever else it finds", async () => {
  fs.rmSync(path.join(folder, "access.log"), { force: true });
  const { organizationId, kept } = await checkPlaces(systemAt(db, now()));
  await sql.unsafe(`create function refuse() returns trigger language plpgsql as 'begin return null; end';
    create trigger refuse before insert on contents for each row execute function refuse()`);
  const { failed, result, lines } = await prove({ folder });
  await sql.unsafe("drop trigger refuse on contents; drop function refuse");
  expect({ failed, found: result.found, control: result.control }).toEqual({
    failed: true,
    found: [],
    control: "not found",
  });
  expect(lines[0]).toMatch(/^The control was not found/);
  expect([organizationId, kept].every(Boolean)).toBe(true);
});

test("T-4.2.2.2-ZDR4: under a new version everything that is active is checked again, once, and again where a process died over it", async () => {
  const look = async () => ({ isClean: true, facts: {} });
  const at = (minutes: number) => systemAt(db, addMinutes(now(), minutes));
  expect(await proveVersion(at(0), "v1", look)).toBe(true);
  expect(await proveVersion(at(1), "v1", look)).toBe(false);
  expect(await proveVersion(at(1), null, look)).toBe(false);
  await sql`update proven_versions set proven_at = null, scopes = null, broken = null where version = 'v1'`;
  expect(await proveVersion(at(30), "v1", look)).toBe(false);
  expect(await proveVersion(at(90), "v1", look)).toBe(true);
  expect(await proveVersion(at(90), "v2", look)).toBe(true);
  expect(await sql`select version, scopes, broken from proven_versions order by version`).toMatchObject([
    { version: "v1", scopes: 0, broken: 0 },
    { version: "v2", scopes: 0, broken: 0 },
  ]);
});
