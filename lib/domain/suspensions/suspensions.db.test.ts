import { afterEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, addWorkingDays, dayOf, startOfDay } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { appealSuspension } from "./commands.ts";
import {
  confirmSuspension,
  dropSuspension,
  judgeAppeal,
  proposeSuspension,
  resumeOrganization,
  upholdSuspension,
} from "./desk/commands.ts";
import { deskSuspensions } from "./desk/queries.ts";
import { latestSuspension, suspensionInForce } from "./queries.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));

const why = "Mail by the thousand to people who did not ask for it.";
const draft = { reason: "spam" as const, clause: "T-4.1-USE" as const, words: why, requestIds: [], imminent: null };

async function staffFor({ organizationId, now }: Context): Promise<AccountContext> {
  const desk = staffAt("trust", now);
  await openLook(desk, { organizationId, reason: "abuse", words: "Reports of spam from this customer." });
  return desk;
}

async function statusOf({ organizationId }: Context) {
  const [row] = await sql`select status, status_reason, status_clause from organizations where id = ${organizationId}`;
  return row;
}

const lettersOf = async ({ organizationId }: Context): Promise<string[]> =>
  (await sql`select kind from letters where organization_id = ${organizationId} order by kind desc`).map(
    ({ kind }) => kind,
  );

const actionsOf = async ({ organizationId }: Context): Promise<string[]> =>
  (
    await sql`select action from audit_events where organization_id = ${organizationId} and clause = 'T-4.1-USE' order by sequence`
  ).map(({ action }) => action);

test("help-zdr 27, T-4.1-USE: two people suspend, the customer reads why and appeals, a third lifts it", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const [first, second, third] = [await staffFor(ctx), await staffFor(ctx), await staffFor(ctx)];
  const id = await proposeSuspension(first, { organizationId, ...draft });
  expect(await statusOf(ctx)).toMatchObject({ status: "active" });
  expect([await latestSuspension(ctx), await lettersOf(ctx)]).toEqual([null, []]);
  await expect(confirmSuspension(first, { organizationId, id })).rejects.toMatchObject({ code: "second_person" });
  await confirmSuspension(second, { organizationId, id });
  expect(await statusOf(ctx)).toMatchObject({ status: "suspended", status_clause: "T-4.1-USE" });
  expect(await suspensionInForce(ctx)).toEqual({ reason: "spam" });
  await expect(confirmSuspension(third, { organizationId, id })).rejects.toMatchObject({ problem: "conflict" });
  await appealSuspension(ctx, { id, appeal: "These were all customers of ours, who asked for it." });
  const seen = await latestSuspension(ctx);
  expect(seen?.appealDueAt).toEqual(addWorkingDays(ctx.now, 5));
  expect(JSON.stringify(seen)).not.toContain(first.actor.id);
  await expect(appealSuspension(ctx, { id, appeal: "And once more, to be sure." })).rejects.toMatchObject({
    problem: "conflict",
  });
  const answer = { organizationId, id, decision: "lifted" as const, answer: "They had asked for it; we are sorry." };
  for (const involved of [first, second])
    await expect(judgeAppeal(involved, answer)).rejects.toMatchObject({ code: "second_person" });
  expect((await deskSuspensions(third))[0]).toMatchObject({ id, organizationId });
  await judgeAppeal(third, answer);
  expect(await statusOf(ctx)).toMatchObject({ status: "active", status_reason: null });
  expect(await latestSuspension(ctx)).toMatchObject({ state: "lifted", endedWords: answer.answer });
  expect(await lettersOf(ctx)).toEqual(["abuse.suspended", "abuse.resumed"]);
  expect(await actionsOf(ctx)).toEqual(["organization.suspend", "organization.appeal", "organization.resume"]);
});

test("T-4.1-USE: imminent harm does not wait for a second person; an appeal can be upheld, and staff lift it later", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const [first, third] = [await staffFor(ctx), await staffFor(ctx)];
  const id = await proposeSuspension(first, { organizationId, ...draft, imminent: "It runs right now." });
  expect(await statusOf(ctx)).toMatchObject({ status: "suspended" });
  await appealSuspension(ctx, { id, appeal: "Nothing of this is true, look again." });
  await judgeAppeal(third, {
    organizationId,
    id,
    decision: "upheld",
    answer: "We looked again, and it is as we said.",
  });
  expect(await statusOf(ctx)).toMatchObject({ status: "suspended" });
  await expect(dropSuspension(first, { organizationId, id })).rejects.toMatchObject({ problem: "conflict" });
  await resumeOrganization(first, { organizationId, id, words: "The account was taken over and is theirs again." });
  expect(await statusOf(ctx)).toMatchObject({ status: "active" });
});

test("T-4.1-USE: one suspension at a time, never without a look, and the database holds the two persons", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const desk = await staffFor(ctx);
  const blind = staffAt("trust", ctx.now);
  await expect(proposeSuspension(blind, { organizationId, ...draft })).rejects.toMatchObject({ code: "look_required" });
  await expect(proposeSuspension(staffAt("support", ctx.now), { organizationId, ...draft })).rejects.toMatchObject({
    problem: "forbidden",
  });
  const tried = await Promise.allSettled([0, 1, 2].map(() => proposeSuspension(desk, { organizationId, ...draft })));
  expect(tried.filter(({ status }) => status === "fulfilled").length).toBe(1);
  for (const one of tried) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(AppError);
  await expect(
    sql`update suspensions set state = 'active', started_at = now(), confirmed_by = proposed_by where organization_id = ${organizationId}`,
  ).rejects.toThrow("suspensions_by_two");
  const { id } = (await deskSuspensions(desk)).find((one) => one.organizationId === organizationId) ?? { id: "sus_" };
  await dropSuspension(desk, { organizationId, id });
  expect([await latestSuspension(ctx), await lettersOf(ctx)]).toEqual([null, []]);
});

test("working days end on a working day at the same time, over weekends", () => {
  expect(addWorkingDays(new Date("2026-11-27T09:00:00Z"), 5)).toEqual(new Date("2026-12-04T09:00:00Z"));
  expect(addWorkingDays(new Date("2026-11-28T23:59:00Z"), 1)).toEqual(new Date("2026-11-30T23:59:00Z"));
});

test("contract 32, T-4.1-USE: a suspension is looked at again within thirty days, sooner where an appeal waits, and as often as it stands", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const desk = await staffFor(ctx);
  const due = async () =>
    (
      await sql`select due_at, met_at is not null as is_met from deadlines where organization_id = ${organizationId}`
    ).map((row) => [new Date(row.due_at), row.is_met]);
  const id = await proposeSuspension(desk, { organizationId, ...draft });
  expect(await due()).toEqual([]);
  await confirmSuspension(await staffFor(ctx), { organizationId, id });
  const reviewed = (from: Date) => addDays(startOfDay(dayOf(addDays(from, 30))), 1);
  expect(await due()).toEqual([[reviewed(ctx.now), false]]);
  await appealSuspension(ctx, { id, appeal: "These letters were asked for, each of them." });
  expect(await due()).toEqual([[addWorkingDays(ctx.now, 5), false]]);
  await judgeAppeal(await staffFor(ctx), { organizationId, id, decision: "upheld", answer: "They were not." });
  expect(await due()).toEqual([[reviewed(ctx.now), false]]);
  const later = { ...desk, now: addMinutes(ctx.now, 20) };
  await upholdSuspension(later, { organizationId, id });
  await resumeOrganization(later, { organizationId, id, words: "It has stopped." });
  expect(await due()).toEqual([[reviewed(later.now), true]]);
});
