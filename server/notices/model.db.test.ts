import ICAL from "ical.js";
import { beforeEach, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMonths } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { announceEnd, proposeEnd, withdrawEnd } from "#lib/domain/lifecycle/commands.ts";
import { proposeInput } from "#lib/domain/lifecycle/input.ts";
import { endsCalendar, modelDesk } from "#lib/domain/lifecycle/queries.ts";
import { postponeEnd, retireModels } from "#lib/domain/lifecycle/retiring/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { settleNotices, sweepRuns } from "#lib/domain/notices/legal/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { beginAgreement } from "#lib/testing/model-ends.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { notices } from "./registry.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-08-31T10:00:00Z");
const end = addMonths(start, 6);
const house = (at: Date) => systemContext("test", { at });
const person =
  (id: string) =>
  (at = start) => {
    const desk = staffAt("models", at);
    return { ...desk, actor: { ...desk.actor, id } as typeof desk.actor };
  };
const [one, other] = [person("usr_one"), person("usr_other")];
const at = (ctx: Context, when: Date): Context => ({ ...ctx, now: when });
/** The one end that is announced, as a calendar program reads it. */
async function inCalendar() {
  const entries = new ICAL.Component(ICAL.parse(await endsCalendar(house(start)))).getAllSubcomponents("vevent");
  const [found] = entries.map((entry) => new ICAL.Event(entry));
  return found && { uid: found.uid, at: found.startDate.toJSDate().toISOString(), sequence: found.sequence };
}
/** How a raw row spells an instant depends on who else uses the connection. */
const instants = async (rows: PromiseLike<readonly object[]>) =>
  (await rows).map((row) => Object.values(row).map((value) => value && new Date(value)));

async function sweep(when: Date): Promise<void> {
  await settleNotices(house(when), notices);
  await sweepRuns(house(when), notices);
  await applyNotices(house(when), notices);
}

let old: Context;
beforeEach(async () => {
  env().APPROVERS = 2;
  await sql`truncate model_proposals, model_changes, notice_runs, legal_notices, deadlines cascade`;
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  const capabilities = { completion_chat: true };
  const served = ["old", "new", "newest"].map((id) => ({
    ...{ upstream: "u", model: { id, description: "", aliases: [], capabilities, maxContextLength: 1 } },
  }));
  const price = { input: 1n, output: 3n };
  const models = served.map(({ model, ...rest }) => ({ ...rest, model: { ...model, price } }));
  await publishCatalogue(house(start), models as never);
  old = await testWorkspace(db);
  await beginAgreement(sql, old.organizationId, 0);
  await sql`update agreements set starts_at = ${addDays(start, -100)} where organization_id = ${old.organizationId}`;
});

const asked = { model: "old", replacement: "new", retiresAt: "2027-02-28T10:00", reason: "It is slower than others." };
const propose = (more: object = {}, ctx = one()) => proposeEnd(ctx, proposeInput.parse({ ...asked, ...more }));
const announced = async () => {
  const id = await propose();
  await announceEnd(other(), { id });
  return id;
};
const seen = async (ctx: Context, when: Date) =>
  (await contractModels(at(ctx, when))).map(({ id }) => id).includes("old");

describe("T-4.2.1-DISC1: the end of a model", () => {
  test("contract B: is announced by two people, with a letter, a deadline and a webhook for each customer", async () => {
    const id = await propose();
    await expect(announceEnd(one(), { id })).rejects.toMatchObject({ code: "second_person" });
    expect((await modelDesk(one())).proposed).toMatchObject([{ modelId: "old", replacement: "new" }]);
    await announceEnd(other(), { id });
    await sweep(start);
    const letters = await sql`select subject, text from letters where organization_id = ${old.organizationId}`;
    expect(letters[0]?.subject).toBe("old ends on 2027-02-28");
    expect(letters[0]?.text).toContain("not before 6 months after this letter was delivered");
    const due = sql`select due_at from deadlines where organization_id = ${old.organizationId} and clock = 'model.retire'`;
    expect(await instants(due)).toEqual([[end]]);
    const desk = await modelDesk(one());
    expect(desk.proposed).toEqual([]);
    expect(desk.announced).toMatchObject([{ customers: 1, unnoticed: 0, lastFloor: { at: end, name: "Test" } }]);
  });

  test("contract 17: a customer told two days late keeps it two days longer", async () => {
    const id = await announced();
    await sweep(addDays(start, 2));
    const late = addMonths(addDays(start, 2), 6);
    expect(await instants(sql`select effective_at from legal_notices where about_id = ${id}`)).toEqual([[late]]);
    expect(await seen(old, new Date(late.getTime() - 1))).toBe(true);
    expect(await seen(old, late)).toBe(false);
    const fresh = await testWorkspace(db);
    expect(await seen(fresh, addDays(start, 1))).toBe(false);
  });

  test("contract 16: is refused a moment too early, with the date that is possible, and when it was announced before", async () => {
    await expect(propose({ retiresAt: "2027-02-28T09:59" })).rejects.toMatchObject({
      code: "too_early",
      details: { earliest: end.toISOString() },
    });
    const id = await propose();
    await expect(propose()).rejects.toMatchObject({ code: "proposed_already" });
    // The six months begin with the announcement.
    await expect(announceEnd(other(addDays(start, 1)), { id })).rejects.toMatchObject({ code: "too_early" });
    await announceEnd(other(), { id });
    await expect(propose()).rejects.toMatchObject({ code: "announced_already" });
    await expect(announceEnd(other(), { id })).rejects.toMatchObject({ problem: "not_found" });
  });

  test("contract 16: what replaces it is served, has a price and lives longer", async () => {
    await expect(propose({ replacement: "old" })).rejects.toMatchObject({ code: "end_refused" });
    await expect(propose({ replacement: "none" })).rejects.toMatchObject({ code: "end_refused" });
    await sql`update models set capabilities = '{"embeddings":true}' where id = 'new'`;
    await expect(propose()).rejects.toMatchObject({
      fields: { replacement: [expect.stringContaining("every endpoint")] },
    });
    await sql`update models set available = false, capabilities = '{"completion_chat":true}' where id = 'new'`;
    await expect(propose()).rejects.toMatchObject({ code: "end_refused" });
    await sql`update models set available = true where id = 'new'`;
    await announced();
    const chain = { model: "new", replacement: "newest" };
    await expect(propose({ ...chain })).rejects.toMatchObject({ fields: { retiresAt: [expect.any(String)] } });
    const next = await propose({ ...chain, retiresAt: "2027-03-31" });
    await announceEnd(other(), { id: next });
    await expect(
      postponeEnd(one(), {
        id: (await modelDesk(one())).announced.find(({ modelId }) => modelId === "old")?.id as never,
        retiresAt: new Date("2027-04-01T00:00:00Z"),
      }),
    ).rejects.toMatchObject({
      code: "end_refused",
    });
  });

  test("is taken back only before it was announced", async () => {
    const id = await propose();
    await withdrawEnd(one(), { id });
    await announced();
    await expect(withdrawEnd(one(), { id })).rejects.toMatchObject({ problem: "not_found" });
  });

  test("one operator alone announces at once, and the log says so", async () => {
    env().APPROVERS = 1;
    const id = await propose();
    expect((await modelDesk(one())).announced).toMatchObject([{ id }]);
    const rows = await sql`select after from audit_events where action = 'model.announce' and object_id = ${id}`;
    expect(rows[0]?.after).toMatchObject({ approvers: 1 });
  });

  test("contract 16: moves later for everyone, with their deadlines, and never earlier", async () => {
    const id = await announced();
    await sweep(start);
    const later = new Date("2027-04-01T00:00:00Z");
    const before = await inCalendar();
    await postponeEnd(one(addDays(start, 9)), { id, retiresAt: later });
    const after = await inCalendar();
    expect({ ...after, sequence: 0 }).toEqual({ ...before, at: later.toISOString(), sequence: 0 });
    expect(after?.sequence).toBeGreaterThan(before?.sequence ?? Number.POSITIVE_INFINITY);
    expect(await instants(sql`select due_at from deadlines`)).toEqual([[later]]);
    expect(await seen(old, new Date(later.getTime() - 1))).toBe(true);
    expect(await seen(old, later)).toBe(false);
    await expect(postponeEnd(one(), { id, retiresAt: end })).rejects.toMatchObject({ code: "end_refused" });
    // A customer whose letter comes later still has six months of it.
    const joined = await testWorkspace(db);
    await beginAgreement(sql, joined.organizationId, 0);
    await sql`update agreements set starts_at = ${start} where organization_id = ${joined.organizationId}`;
    await sweep(addMonths(start, 5));
    const dates = sql`select effective_at, planned_at from legal_notices where organization_id = ${joined.organizationId}`;
    expect(await instants(dates)).toEqual([[addMonths(addMonths(start, 5), 6), later]]);
  });

  test("contract B: has retired for all customers with the last customer's date; webhooks hear of each customer's own", async () => {
    const id = await announced();
    await sweep(addDays(start, 2));
    await retireModels(house(end));
    const retired = () => instants(sql`select retired_at from model_changes where id = ${id}`);
    expect(await retired()).toEqual([[null]]);
    const last = addMonths(addDays(start, 2), 6);
    await sql`insert into model_uses (organization_id, model_id, day, workspace_id, key_id, agent_id, requested_model, requests, last_at)
      values (${old.organizationId}, 'old', '2027-02-27', ${old.workspaceId}, '', '', 'old', 1, ${addDays(last, -3)})`;
    await sweep(last);
    const letters =
      await sql`select kind from letters where organization_id = ${old.organizationId} and kind = 'models.retired'`;
    expect(letters).toHaveLength(1);
    await Promise.all([retireModels(house(addDays(last, 3))), retireModels(house(addDays(last, 3)))]);
    expect(await retired()).toEqual([[last]]);
    expect(await instants(sql`select met_at from deadlines`)).toEqual([[last]]);
    const rows =
      await sql`select count(*)::int as n from audit_events where action = 'model.retire' and object_id = ${id}`;
    expect(rows[0]?.n).toBe(1);
  });

  test("contract 17: never retires while a customer has no notice", async () => {
    const id = await announced();
    await retireModels(house(addMonths(end, 12)));
    expect(await sql`select retired_at from model_changes where id = ${id}`).toEqual([{ retired_at: null }]);
    expect(await seen(old, addMonths(end, 12))).toBe(true);
  });
});
