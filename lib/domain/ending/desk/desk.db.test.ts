import { afterEach, beforeEach, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { applyEnds } from "#lib/domain/ending/applying/commands.ts";
import { giveNotice, withdrawNotice } from "#lib/domain/ending/notice/commands.ts";
import { resubscribe } from "#lib/domain/ending/returning/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { confirmDecision, dropDecision, proposeEnd, proposeReturn } from "./commands.ts";
import { endingDesk } from "./queries.ts";

const { db, sql } = await testDatabase();
afterEach(async () => {
  env().APPROVERS = 2;
  expect(await wrongDeadlines(db)).toEqual([]);
});

const terms = { agree: "on", documentId: newId("document", now()), sha256: "a".repeat(64) } as const;
await sql`insert into documents (id, kind, version, title, summary, body, sha256, template_sha256, effective_from, created_at)
  values (${terms.documentId}, 'terms', 1, 'Terms', 'All of it', 'Text', ${terms.sha256}, ${terms.sha256}, '2020-01-01', now())`;

const words = "Invoices of three months were not paid, whatever we wrote.";
let ctx: Context;
let organizationId: Id<"organization">;

beforeEach(async () => {
  const { actor, ...rest } = await testWorkspace(db);
  ctx = { ...rest, actor: { ...actor, permissions: new Set([...actor.permissions, "account.open"]) } };
  ({ organizationId } = ctx);
  await sql`insert into agreements (organization_id, number, starts_at) values (${organizationId}, 1, ${addDays(ctx.now, -90)})
    on conflict (organization_id, number) do nothing`;
});

async function lawyer(at = ctx.now, role: "legal" | "admin" = "legal"): Promise<AccountContext> {
  const desk = staffAt(role, at);
  await openLook(desk, { organizationId, reason: "abuse", words: "An end of this contract is looked at." });
  return desk;
}

const end = (more: object = {}) => ({ organizationId, side: "provider" as const, words, endsAt: null, ...more });
const letters = async (kind: string) =>
  await sql<{ text: string }[]>`select text from letters where organization_id = ${organizationId} and kind = ${kind}`;

test("contract 28, T-6-OTHER: two people end an agreement for cause; the customer reads the words, may answer, and not withdraw", async () => {
  const [first, second] = [await lawyer(), await lawyer()];
  const id = await proposeEnd(first, end());
  expect(await terminationOf(ctx)).toBeNull();
  expect(await letters("contract.notice-given")).toHaveLength(0);
  expect((await endingDesk(second)).decisions).toMatchObject([{ id, kind: "end", words }]);
  await expect(confirmDecision(first, { organizationId, id })).rejects.toMatchObject({ code: "second_person" });
  await expect(confirmDecision(staffAt("legal", ctx.now), { organizationId, id })).rejects.toThrow();
  const both = await Promise.allSettled([
    confirmDecision(second, { organizationId, id }),
    confirmDecision(await lawyer(), { organizationId, id }),
  ]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const ended = await terminationOf(ctx);
  expect(ended).toMatchObject({ kind: "cause_provider", clause: "T-6-OTHER", words });
  expect(ended?.secondBy).not.toBe(first.actor.id);
  const [letter] = await letters("contract.notice-given");
  expect(letter?.text).toContain(words);
  expect(letter?.text).toContain("Open a ticket under Help");
  await expect(withdrawNotice(ctx)).rejects.toMatchObject({ problem: "conflict" });
  expect((await endingDesk(second)).decisions.some((one) => one.organizationId === organizationId)).toBe(false);
  const acts =
    await sql`select action from audit_events where organization_id = ${organizationId} and clause = 'T-6-OTHER' order by sequence`;
  expect(acts.map(({ action }) => action)).toEqual(["contract.propose-end", "contract.give-notice"]);
});

test("contract 28, T-6-OTHER: an end on a date is that date, or the confirmation where it waited longer; before a notice's own", async () => {
  const later = addDays(ctx.now, 3);
  const id = await proposeEnd(await lawyer(), end({ endsAt: later, side: "customer" }));
  await expect(proposeEnd(await lawyer(), end())).rejects.toMatchObject({ problem: "conflict" });
  await dropDecision(await lawyer(), { organizationId, id });
  await expect(confirmDecision(await lawyer(), { organizationId, id })).rejects.toMatchObject({ problem: "conflict" });
  await expect(proposeEnd(await lawyer(), end({ endsAt: addDays(ctx.now, -1) }))).rejects.toMatchObject({
    problem: "invalid",
  });
  const again = await proposeEnd(await lawyer(), end({ endsAt: later, side: "customer" }));
  const late = addDays(ctx.now, 5);
  await confirmDecision(await lawyer(late), { organizationId, id: again });
  expect(await terminationOf(ctx)).toMatchObject({ kind: "cause_customer", endsAt: late });
});

test("contract 28, T-6-OTHER: a lone operator's end holds at once, and the log says that one person decided", async () => {
  env().APPROVERS = 1;
  await sql`update organizations set plan = 'free' where id = ${organizationId}`;
  await giveNotice(ctx, {
    endsAt: new Date(Date.UTC(ctx.now.getUTCFullYear(), ctx.now.getUTCMonth() + 3, 1)),
    name: "Test",
    keysDeleted: "on",
  });
  await proposeEnd(await lawyer(), end());
  expect(await terminationOf(ctx)).toMatchObject({ kind: "cause_provider", endsAt: ctx.now, secondBy: null });
  const [act] =
    await sql`select after from audit_events where organization_id = ${organizationId} and action = 'contract.propose-end'`;
  expect(act?.after).toMatchObject({ approvers: 1 });
});

test("contract 30, T-6-OTHER: after an end for cause a customer comes back when two people allow it, and not before", async () => {
  await expect(proposeReturn(await lawyer(), { organizationId, words })).rejects.toMatchObject({ problem: "conflict" });
  const id = await proposeEnd(await lawyer(), end());
  await confirmDecision(await lawyer(), { organizationId, id });
  await applyEnds(systemAt(db, ctx.now));
  await expect(resubscribe(ctx, terms)).rejects.toMatchObject({ code: "ended_for_cause" });
  const first = await lawyer();
  const back = await proposeReturn(first, { organizationId, words });
  await expect(resubscribe(ctx, terms)).rejects.toMatchObject({ code: "ended_for_cause" });
  await expect(confirmDecision(first, { organizationId, id: back })).rejects.toMatchObject({ code: "second_person" });
  await confirmDecision(await lawyer(ctx.now, "admin"), { organizationId, id: back });
  expect(await letters("contract.may-return")).not.toHaveLength(0);
  await resubscribe(ctx, terms);
  const [agreement] =
    await sql`select number from agreements where organization_id = ${organizationId} and ended_at is null`;
  expect(agreement).toEqual({ number: 2 });
});

test("contract 28: the desk is closed to those who may not decide", async () => {
  await expect(endingDesk(staffAt("billing", ctx.now))).rejects.toMatchObject({ problem: "forbidden" });
  await expect(proposeEnd(staffAt("support", ctx.now), end())).rejects.toMatchObject({ problem: "forbidden" });
});
