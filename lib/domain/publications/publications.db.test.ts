import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { effective, plainValue } from "#lib/domain/contract/values/rules.ts";
import { runNotices } from "#lib/domain/notices/legal/commands.ts";
import { agree } from "#lib/domain/terms/commands.ts";
import { documentFor, documentForNewcomers, documentInForce } from "#lib/domain/terms/queries.ts";
import { findKey } from "#lib/gateway/authentication/key-lookup.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { notices } from "#server/notices/registry.ts";
import {
  activatePublications,
  announcePublication,
  approvePublication,
  draftVersion,
  withdrawPublication,
} from "./commands.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-12-01T10:00:00Z");
const earliest = addDays(start, 31);

const staff = (now = start, id = "first"): AccountContext =>
  acrossTenants({
    db,
    now,
    actor: { kind: "system", id, name: id, permissions: new Set([...systemPermissions, "account.open"]) },
    origin: { address: "internal", agent: "vitest" },
  });

let version = 0;
const text = (number: number, days = 30, word = "Old") =>
  `---\nversion: ${number}\ntitle: Terms\nsummary: In short.\nvalues:\n  days.dispute: ${days}\n---\n# Terms\n\n${word} words ${number}.\n\nDispute within ${days} days.`;

beforeEach(async () => {
  env().APPROVERS = 2;
  delete env().SMTP_URL;
  // What earlier tests announced is over.
  await sql`update publications set state = 'withdrawn' where state in ('draft', 'approved', 'announced')`;
  if (version === 0) await draft(30);
});

async function draft(days: number, word?: string): Promise<Id<"publication">> {
  version += 1;
  await draftVersion(staff(), { kind: "terms", text: text(version, days, word) });
  const [row] = await sql`select id from publications where kind = 'terms' and version = ${version}`;
  return row?.id;
}

const substantial = (id: Id<"publication">, plannedAt = earliest) =>
  ({ id, change: "substantial", summary: "The days to dispute change.", plannedAt }) as const;

/** As the console has them: with the permissions of their own account. */
async function member(): Promise<Context> {
  const { actor, ...rest } = await testWorkspace(db);
  return { ...rest, actor: { ...actor, permissions: new Set([...actor.permissions, "account.open" as const]) } };
}

async function customer(startsAt = "2026-01-01"): Promise<Context> {
  const ctx = await member();
  await sql`update organizations set first_use_at = ${startsAt} where id = ${ctx.organizationId}`;
  return ctx;
}

async function announced(days: number, plannedAt = earliest): Promise<Id<"publication">> {
  const id = await draft(days);
  await approvePublication(staff(), substantial(id, plannedAt));
  await announcePublication(staff(start, "second"), { id });
  await runNotices(staff(), { about: "terms", aboutId: id }, notices);
  return id;
}

const at = (ctx: Context, now: Date): Context => ({ ...ctx, now });
const disputeDays = async (ctx: Context, now: Date) =>
  plainValue(await contractSources(at(ctx, now)), "days.dispute", now);

describe("contract 9: a substantial change", () => {
  test("contract 9, T-7-SUB: planned 31 days ahead less a millisecond is refused with the earliest date, at 31 days accepted", async () => {
    const id = await draft(40);
    const early = substantial(id, new Date(earliest.getTime() - 1));
    await expect(approvePublication(staff(), early)).rejects.toMatchObject({
      code: "too_early",
      message: expect.stringContaining(earliest.toISOString()),
    });
    await approvePublication(staff(), substantial(id));
    // The second person comes a moment later, and the days are counted from then.
    const later = new Date(start.getTime() + 1);
    await expect(announcePublication(staff(later, "second"), { id })).rejects.toMatchObject({ code: "too_early" });
    await announcePublication(staff(start, "second"), { id });
  });

  test("contract 9: the one who approved cannot announce, and one person alone is on record as alone", async () => {
    const id = await draft(40);
    await approvePublication(staff(), substantial(id));
    await expect(announcePublication(staff(), { id })).rejects.toMatchObject({ code: "second_person" });
    await withdrawPublication(staff(), { id });
    await expect(announcePublication(staff(start, "second"), { id })).rejects.toMatchObject({ code: "wrong_state" });
    env().APPROVERS = 1;
    const alone = await draft(40);
    await approvePublication(staff(), substantial(alone));
    expect(await sql`select state from publications where id = ${alone}`).toMatchObject([{ state: "announced" }]);
    const rows = await sql`select after from audit_events where object_id = ${alone} and action = 'terms.announce'`;
    expect(rows).toMatchObject([{ after: { approvers: 1 } }]);
  });

  test("contract 9: what states other values cannot pass as not substantial, and one change is announced at a time", async () => {
    const id = await draft(41);
    const decided = { id, change: "non_substantial", summary: "Only words, it says.", plannedAt: undefined } as const;
    await expect(approvePublication(staff(), decided)).rejects.toMatchObject({ code: "values_changed" });
    await approvePublication(staff(), substantial(id));
    await announcePublication(staff(start, "second"), { id });
    const next = await draft(42);
    await expect(approvePublication(staff(), substantial(next))).rejects.toMatchObject({ code: "announced_already" });
  });

  test("contract 4, contract 9: two customers under two versions get each its numbers, in the gate as on the page, whether a sweep ran or not", async () => {
    const [early, late] = [await customer(), await customer()];
    const before = await disputeDays(early, start);
    await announced(50);
    await sql`update legal_notices set noticed_at = noticed_at + interval '2 days', effective_at = effective_at + interval '1 day'
      where organization_id = ${late.organizationId}`;
    const last = new Date(earliest.getTime() - 1);
    expect([await disputeDays(early, last), await disputeDays(late, last)]).toEqual([before, before]);
    expect([await disputeDays(early, earliest), await disputeDays(late, earliest)]).toEqual([50, before]);
    expect(await disputeDays(late, addDays(earliest, 1))).toBe(50);
    const dispute = effective(await contractSources(early), "days.dispute", start);
    expect(dispute?.until).toEqual(earliest);
    for (const ctx of [early, late]) {
      const keyId = await keyOf(ctx);
      const key = await findKey(sql, { organizationId: ctx.organizationId, id: keyId }, earliest);
      if (!key) throw new Error("There is no such key.");
      expect(plainValue(key.contract, "days.dispute", earliest)).toBe(await disputeDays(ctx, earliest));
    }
    expect((await documentFor(at(early, earliest), "terms")).version).toBe(version);
    expect((await documentFor(at(late, earliest), "terms")).version).toBeLessThan(version);
  });

  test("contract 9: a customer whose notice no letter gave stays under the version before", async () => {
    const ctx = await customer();
    await announced(51);
    await sql`update legal_notices set noticed_at = null, effective_at = null where organization_id = ${ctx.organizationId}`;
    const before = await disputeDays(ctx, start);
    expect(await disputeDays(ctx, addDays(start, 400))).toBe(before);
  });

  test("contract 9: it is in force for everyone when its run is over and its date has come", async () => {
    await customer();
    const id = await announced(52);
    await sql`update notice_runs set effective_at = planned_at where about_id = ${id}`;
    const before = (await documentInForce(staff(), "terms")).version;
    await activatePublications(staff(new Date(earliest.getTime() - 1)));
    expect((await documentInForce(staff(new Date(earliest.getTime() - 1)), "terms")).version).toBe(before);
    expect((await documentInForce(staff(earliest), "terms")).version).toBe(version);
    await activatePublications(staff(earliest));
    expect(await sql`select state from publications where id = ${id}`).toMatchObject([{ state: "in_force" }]);
    const rows = await sql`select version from publications where kind = 'terms' and state = 'in_force'`;
    expect(rows).toEqual([{ version }]);
  });
});

test("contract 9, T-7-NS: what is not substantial is in force at its approval, and no letter asks for anything", async () => {
  const ctx = await customer();
  const [last] =
    await sql`select "values" ->> 'days.dispute' as days from documents join publications on document_id = documents.id
    where publications.kind = 'terms' and state = 'in_force'`;
  const id = await draft(Number(last?.days), "Clearer");
  const after = addDays(earliest, 1);
  const decided = { id, change: "non_substantial", summary: "Clearer words.", plannedAt: undefined } as const;
  await approvePublication(staff(after), decided);
  expect((await documentFor(at(ctx, new Date(after.getTime() - 1)), "terms")).version).toBeLessThan(version);
  expect((await documentFor(at(ctx, after), "terms")).version).toBe(version);
  expect(await sql`select 1 from legal_notices where organization_id = ${ctx.organizationId}`).toEqual([]);
  const written = await sql`select distinct clause from audit_events where object_id = ${id} and clause like 'T-7-%'`;
  expect(written).toEqual([{ clause: "T-7-NS" }]);
});

async function keyOf({ organizationId, workspaceId, actor }: Context): Promise<Id<"key">> {
  const id = newId("key", start);
  await sql`insert into keys (organization_id, workspace_id, id, owner_id, name, hash, first4, last4, scopes, created_at)
    values (${organizationId}, ${workspaceId}, ${id}, ${actor.id}, 'Test', ${sha256(id)}, 'cpt_', 'abcd', '{models:read}', ${start})`;
  return id;
}

describe("contract 11: founded during the notice", () => {
  test("contract 11, T-7-SUB: a newcomer agrees to the announced version and is bound by it at once; no letter goes to them", async () => {
    const old = await customer();
    await announced(53);
    const during = addDays(start, 3);
    const shown = await documentForNewcomers(staff(during), "terms");
    expect(shown.version).toBe(version);
    const inForce = await documentInForce(staff(during), "terms");
    expect(shown.former).toEqual({ version: inForce.version, until: earliest.toISOString() });
    const fresh = await member();
    const founder = at(fresh, during);
    await agree(founder, { documentId: shown.id, sha256: shown.sha256 });
    expect(await disputeDays(fresh, addDays(during, 1))).toBe(53);
    expect(await disputeDays(old, addDays(during, 1))).not.toBe(53);
    await runNotices(staff(during), { about: "terms", aboutId: shown.publicationId ?? "" }, notices);
    expect(await sql`select 1 from legal_notices where organization_id = ${fresh.organizationId}`).toEqual([]);
    expect((await documentFor(at(old, during), "terms")).version).toBeLessThan(version);
  });
});
