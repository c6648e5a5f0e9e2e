import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays, addMonths } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testConnectionOf } from "#lib/testing/connected.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { applyEnds, finalizeEnds, finishDrains } from "./applying/commands.ts";
import { endForCause } from "./cause/commands.ts";
import { giveNotice, withdrawFromContract, withdrawNotice } from "./notice/commands.ts";
import { endFacts, endingPage, keptOf } from "./queries.ts";
import { purgeKept, resubscribe } from "./returning/commands.ts";
import { timeline } from "./rules.ts";

const { db, sql } = await testDatabase();
const terms = { agree: "on", documentId: newId("document", new Date()), sha256: "a".repeat(64) } as const;
await sql`insert into documents (id, kind, version, title, summary, body, sha256, template_sha256, effective_from, created_at)
  values (${terms.documentId}, 'terms', 1, 'Terms', 'All of it', 'Text', ${terms.sha256}, ${terms.sha256}, '2020-01-01', now())`;

const notice = new Date("2026-11-10T12:00:00.000Z");
const T = new Date("2026-12-01T00:00:00.000Z");
const name = "Test";

let ctx: Context;
beforeEach(async () => {
  // Ends that other tests left open are no part of what a sweep finds here.
  await sql`update terminations set withdrawn_at = noticed_at where applied_at is null`;
  await sql`update terminations set drained_at = applied_at, finalized_at = applied_at where applied_at is not null`;
  await sql`update retention_clocks set restored_at = started_at where purged_at is null`;
  const { actor, ...rest } = await testWorkspace(db);
  ctx = { ...rest, actor: { ...actor, permissions: new Set([...actor.permissions, "account.open"]) }, now: notice };
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
});

const at = (now: Date): Context => ({ ...ctx, now });
const job = (now: Date): AccountContext => ({
  ...ctx,
  db,
  now,
  actor: { kind: "job", id: "test", name: "test", permissions: new Set(systemPermissions) },
});
const give = (now = notice, endsAt: Date | "now" = T) => giveNotice(at(now), { endsAt, name, keysDeleted: "on" });
const key = () =>
  createKey(ctx, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays: null });
const agent = () => testAgent(db, ctx);
const agents = async () =>
  Number((await sql`select count(*) from agents where organization_id = ${ctx.organizationId}`)[0]?.count);

test("contract 24, T-6-CONV: what the page says before the click is what is done afterwards, row by row", async () => {
  await key();
  await agent();
  const before = timeline(await endFacts(ctx), { kind: "convenience", endsAt: T });
  await give();
  expect(await applyEnds(job(new Date(T.getTime() - 1)))).toBe(0);
  expect(await applyEnds(job(T))).toBe(1);
  const ended = await terminationOf(at(T));
  expect(ended).toMatchObject({ kind: "convenience", appliedAt: T, counts: { keys: 1, agents: 1 } });
  const keys = await sql`select revoked_at, revoked_reason from keys where organization_id = ${ctx.organizationId}`;
  expect(keys).toHaveLength(before.find(({ clause }) => clause === "T-4.2.1-KEY3")?.count ?? 0);
  expect(keys[0]).toMatchObject({ revoked_reason: "terminated" });
  expect(new Date(keys[0]?.revoked_at)).toEqual(T);
  for (const { kind, purgeAt } of await keptOf(at(T), 1)) {
    const promised = before.find((step) => step.count !== null && step.at.getTime() === purgeAt.getTime());
    expect([kind, promised !== undefined]).toEqual([kind, true]);
  }
  const [letter] =
    await sql`select text from letters where organization_id = ${ctx.organizationId} and kind = 'contract.ended'`;
  for (const { what, at } of before.filter(({ at }) => at >= T)) {
    expect(letter?.text).toContain(what);
    expect(letter?.text).toContain(at.toISOString().slice(0, 10));
  }
});

test("contract 32, T-6-EFF: the clock of the end runs from the notice, is met at the end, and stops where the notice is withdrawn", async () => {
  const clocks = async () => [
    ...(await sql`select due_at = ${T} as is_due, met_at is not null as met, cancelled_at is not null as cancelled from deadlines
      where organization_id = ${ctx.organizationId} and clock = 'contract.end' order by met_at nulls first, id`),
  ];
  await give();
  expect(await clocks()).toEqual([{ is_due: true, met: false, cancelled: false }]);
  await withdrawNotice(at(notice));
  await give();
  await applyEnds(job(T));
  expect(await clocks()).toEqual([
    { is_due: true, met: false, cancelled: true },
    { is_due: true, met: true, cancelled: false },
  ]);
});

test("T-6-EFF, T-4.2.1-TPS1: with the agreement every connected service is disconnected and its secret destroyed, as the page counted", async () => {
  const { connection } = await testConnectionOf(db, ctx, "word");
  const before = timeline(await endFacts(ctx), { kind: "convenience", endsAt: T });
  expect(before.find(({ what }) => what.startsWith("Connected services"))?.count).toBe(1);
  await give();
  await applyEnds(job(T));
  expect(await sql`select state, sealed_key, sealed_secret from connections where id = ${connection}`).toEqual([
    { state: "disconnected", sealed_key: null, sealed_secret: null },
  ]);
});

test("contract 26, T-6-EFF: carried out twice, or by two at once, an end is carried out once", async () => {
  await give();
  const done = await Promise.all([applyEnds(job(T)), applyEnds(job(T)), applyEnds(job(T))]);
  expect(done.toSorted()).toEqual([0, 0, 1]);
  expect(await applyEnds(job(T))).toBe(0);
  const [letters] =
    await sql`select count(*)::int as count from letters where organization_id = ${ctx.organizationId} and kind = 'contract.ended'`;
  expect(letters?.count).toBe(1);
});

test("contract 26: where a step of it fails nothing of it is done, and the next minute does all of it", async () => {
  await give();
  await sql`create function refuse_clock() returns trigger language plpgsql as $$ begin raise exception 'no clock'; end $$`;
  await sql`create trigger refuse_clock before insert on retention_clocks for each row execute function refuse_clock()`;
  expect(await applyEnds(job(T))).toBe(0);
  const [organization] = await sql`select status from organizations where id = ${ctx.organizationId}`;
  expect(organization?.status).toBe("active");
  expect(await terminationOf(at(T))).toMatchObject({ appliedAt: null });
  await sql`drop trigger refuse_clock on retention_clocks`;
  expect(await applyEnds(job(T))).toBe(1);
});

test("contract 28, T-6-CONV: a notice is withdrawn until the last millisecond, and not at the end", async () => {
  await give();
  await expect(withdrawNotice(at(T))).rejects.toMatchObject({ code: "no_notice" });
  await withdrawNotice(at(new Date(T.getTime() - 1)));
  expect(await applyEnds(job(T))).toBe(0);
  expect((await endingPage(at(T))).termination).toBeNull();
});

test("contract 23, T-6-CONV: a click a moment too late names the next end, and another end than those offered is refused", async () => {
  const last = new Date("2026-11-16T00:00:00.000Z");
  await expect(give(new Date(last.getTime() + 1))).rejects.toMatchObject({
    code: "notice_too_late",
    message: expect.stringContaining("2027-01-01"),
  });
  await expect(give(last, addDays(T, 3))).rejects.toMatchObject({ code: "notice_too_late" });
  await expect(give(last, "now")).rejects.toThrow("Only what is free of charge can be ended at once");
  await give(last);
  await expect(give(last)).rejects.toMatchObject({ code: "notice_given" });
});

test("the free plan ends at once", async () => {
  await sql`update organizations set plan = 'free' where id = ${ctx.organizationId}`;
  await give(notice, "now");
  expect(await applyEnds(job(notice))).toBe(1);
});

test("contract 27: without use there is nothing to bill, which the customer is told once", async () => {
  await give();
  await applyEnds(job(T));
  expect(await finishDrains(job(new Date(T.getTime() + 59_999)))).toBe(0);
  expect(await finishDrains(job(new Date(T.getTime() + 60_000)))).toBe(1);
  const later = job(new Date(T.getTime() + 120_000));
  expect([await finalizeEnds(later), await finalizeEnds(later)]).toEqual([1, 0]);
});

test("contract 30, T-4.3-DEL2: agents come back until a millisecond before thirty days are over; keys never do", async () => {
  await key();
  await agent();
  await give();
  await applyEnds(job(T));
  const last = new Date(addDays(T, 30).getTime() - 1);
  expect(await purgeKept(job(last))).toBe(0);
  await resubscribe(at(last), terms);
  expect(await agents()).toBe(1);
  const rows =
    await sql`select number, ended_at is null as running from agreements where organization_id = ${ctx.organizationId} order by number`;
  expect([...rows]).toEqual([
    { number: 1, running: false },
    { number: 2, running: true },
  ]);
  const [live] =
    await sql`select count(*)::int as count from keys where organization_id = ${ctx.organizationId} and revoked_at is null`;
  expect(live?.count).toBe(0);
  expect(await purgeKept(job(addMonths(T, 14)))).toBe(0);
});

test("contract 30, T-4.3-DEL2, T-4.2.3-DEL2: from then on agents are gone with a receipt, and tuned models stay for a year", async () => {
  await agent();
  await give();
  await applyEnds(job(T));
  const due = addDays(T, 30);
  await expect(resubscribe(at(due), terms)).rejects.toMatchObject({ code: "deletion_under_way" });
  expect(await purgeKept(job(due))).toBe(3);
  expect(await agents()).toBe(0);
  const kept = await keptOf(at(due), 1);
  expect(kept.filter(({ receiptId }) => receiptId).map(({ kind }) => kind)).toEqual([
    "agents",
    "conversations",
    "files",
  ]);
  expect(kept.at(-1)).toMatchObject({
    kind: "tuned-models",
    purgedAt: null,
    purgeAt: new Date("2027-12-01T00:00:00Z"),
  });
  await resubscribe(at(due), terms);
  expect((await keptOf(at(due), 1)).at(-1)).toMatchObject({ restoredAt: due, receiptId: null });
});

test("contract 30: a return and a deletion at the same moment: each kind comes back or is deleted, never both", async () => {
  await agent();
  await give();
  await applyEnds(job(T));
  const due = addDays(T, 30);
  const before = new Date(due.getTime() - 1);
  await Promise.allSettled([resubscribe(at(before), terms), purgeKept(job(due)), purgeKept(job(due))]);
  const kept = (await keptOf(at(due), 1)).filter(({ kind }) => kind !== "tuned-models");
  for (const { kind, restoredAt, purgedAt, receiptId } of kept) {
    expect([kind, restoredAt === null]).toEqual([kind, purgedAt !== null]);
    expect([kind, receiptId === null]).toEqual([kind, purgedAt === null]);
  }
  expect(await agents()).toBe(kept.some(({ kind, restoredAt }) => kind === "agents" && restoredAt) ? 1 : 0);
});

test("a customer does not come back while the agreement runs, with an open bill, or to what was deleted", async () => {
  await expect(resubscribe(ctx, terms)).rejects.toMatchObject({ code: "agreement_running" });
});

test("contract 28, T-6-OTHER: ended for cause at once, the customer reads the reason, cannot withdraw it, and it is carried out", async () => {
  const words = "The order of October was never paid for.";
  const operator = { ...job(notice), organizationId: ctx.organizationId };
  await endForCause(operator, { by: "provider", words, at: undefined });
  expect((await endingPage(ctx)).termination).toMatchObject({ kind: "cause_provider", words, endsAt: notice });
  const told =
    await sql`select subject, text, clause from letters where organization_id = ${ctx.organizationId} and kind = 'contract.notice-given'`;
  expect(told.length).toBeGreaterThan(0);
  for (const letter of told)
    expect(letter).toMatchObject({ clause: "T-6-OTHER", text: expect.stringContaining(words) });
  await expect(withdrawNotice(ctx)).rejects.toMatchObject({ problem: "conflict" });
  expect(await applyEnds(job(notice))).toBe(1);
  const early = { by: "provider", words, at: new Date(notice.getTime() - 1) } as const;
  await expect(endForCause(operator, early)).rejects.toMatchObject({ problem: "invalid" });
});

test("contract 28, T-6-OTHER: a consumer withdraws in the first fourteen days, at once and with a receipt; a business, and later, not", async () => {
  const began = new Date("2026-01-01T00:00:00.000Z");
  const window = (now: Date) => endingPage(at(now)).then(({ withdrawableUntil }) => withdrawableUntil);
  await expect(withdrawFromContract(at(addDays(began, 1)))).rejects.toMatchObject({ code: "consumers_only" });
  await sql`update organizations set customer_type = 'consumer' where id = ${ctx.organizationId}`;
  const [last, over] = [new Date(addDays(began, 14).getTime() - 1), addDays(began, 14)];
  expect([await window(last), await window(over)]).toEqual([over, null]);
  await expect(withdrawFromContract(at(over))).rejects.toMatchObject({ code: "withdrawal_over" });
  env().CONSUMER_WITHDRAWAL_DAYS = 0;
  await expect(withdrawFromContract(at(last))).rejects.toMatchObject({ code: "withdrawal_over" });
  env().CONSUMER_WITHDRAWAL_DAYS = 14;
  const tries = await Promise.allSettled([withdrawFromContract(at(last)), withdrawFromContract(at(last))]);
  expect(tries.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await terminationOf(at(last))).toMatchObject({ kind: "withdrawal", endsAt: last, clause: "T-6-OTHER" });
  await expect(withdrawNotice(at(last))).rejects.toMatchObject({ code: "no_notice" });
  const told = (await endingPage(at(last))).steps.map(({ what }) => what);
  expect(told).not.toContain("The last moment to withdraw the notice");
  const [notice] = await sql`select text from letters
    where organization_id = ${ctx.organizationId} and kind = 'contract.notice-given'`;
  expect(notice?.text).not.toContain("you can withdraw the notice");
  const receipts = await sql`select recipient, text from letters
    where organization_id = ${ctx.organizationId} and kind = 'contract.receipt'`;
  expect(receipts).toHaveLength(1);
  expect(receipts[0]?.text).toContain("On 2026-01-14 at 23:59:59 UTC");
  expect(await applyEnds(job(last))).toBe(1);
});
