import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { replyToTicket, resolveTicket } from "#lib/domain/help/commands.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { askForRates, objectToInvoice, reportLeak } from "#lib/domain/help/records/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { denyRequest } from "#lib/domain/staff/rates/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { testBills } from "#lib/testing/bills.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import {
  answerTicket,
  claimTicket,
  closeTickets,
  noteTicket,
  releaseTicket,
  settleTicket,
  snoozeTicket,
  wakeTickets,
  watchTicket,
} from "./commands.ts";
import { queueFilter } from "./input.ts";
import { deskTicket, queueCounts, queuePage } from "./queries.ts";
import type { DeskTicket } from "./view.ts";

const { db, sql } = await testDatabase();
let customer: Context;
let support: AccountContext;
let trust: AccountContext;

beforeEach(async () => {
  await sql`truncate tickets cascade`;
  customer = await testWorkspace(db);
  support = staffAt("support", later(customer, 1).now);
  trust = staffAt("trust", later(customer, 1).now);
});

const queue = async (ctx: AccountContext, asked: Record<string, string> = {}) =>
  (await queuePage(ctx, queueFilter.parse(asked))).rows.map(({ id }) => id);
const said = { body: "Like this.", files: [], state: "waiting" as const };

test("staff read and answer a ticket without a reason to look, and others of the staff do not", async () => {
  const ticketId = await testTicket(customer, { body: "How do keys work?" });
  expect(await queue(support)).toEqual([ticketId]);
  expect((await deskTicket(support, ticketId)).messages[0]?.body).toBe("How do keys work?");
  for (const role of ["billing", "models", "legal"] as const) {
    const desk = staffAt(role, customer.now);
    await expect(queue(desk)).rejects.toMatchObject({ problem: "forbidden" });
    await expect(deskTicket(desk, ticketId)).rejects.toMatchObject({ problem: "forbidden" });
    await expect(answerTicket(desk, { ticketId, ...said })).rejects.toMatchObject({ problem: "forbidden" });
  }
  await expect(queuePage(customer, queueFilter.parse({}))).rejects.toMatchObject({ problem: "forbidden" });
});

test("a claim is one person's for half an hour without anything done, and then anyone's", async () => {
  const ticketId = await testTicket(customer);
  const claims = await Promise.allSettled([claimTicket(support, { ticketId }), claimTicket(trust, { ticketId })]);
  expect(claims.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const [mine, theirs] =
    (await deskTicket(support, ticketId)).claimedBy === support.actor.id ? [support, trust] : [trust, support];
  expect((await deskTicket(theirs, ticketId)).isClaimedByOther).toBe(true);
  for (const tried of [
    () => answerTicket(theirs, { ticketId, ...said }),
    () => settleTicket(theirs, { ticketId }),
    () => releaseTicket(theirs, { ticketId }),
    () => snoozeTicket(theirs, { ticketId, until: addDays(theirs.now, 1) }),
  ])
    await expect(tried()).rejects.toMatchObject({ problem: "conflict", code: "claimed" });
  await noteTicket(theirs, { ticketId, body: "I saw this before." });
  await claimTicket(later(mine, 29), { ticketId });
  await expect(claimTicket(later(theirs, 58), { ticketId })).rejects.toMatchObject({ code: "claimed" });
  await claimTicket(later(theirs, 59), { ticketId });
  expect(await queue(later(theirs, 60), { show: "mine" })).toEqual([ticketId]);
  await wakeTickets(systemAt(db, later(theirs, 120).now));
  expect((await deskTicket(support, ticketId)).claimedBy).toBeNull();
});

test("the queue has days by law first, then what is late, then what is due, then age; what is put off is elsewhere", async () => {
  const waiting = await testTicket(customer);
  await answerTicket(support, { ticketId: waiting, ...said });
  const [second, first] = [await testTicket(later(customer, 2)), await testTicket(later(customer, 1))];
  const [lateSecond, lateFirst] = [await testTicket(customer), await testTicket(customer)];
  const byLaw = await testTicket(customer, { kind: "delete_model", target: "Planner" });
  const byLawSooner = await testTicket(customer, { kind: "delete_agent", target: await testAgent(db, customer) });
  const off = await testTicket(customer);
  const due = (id: string, at: Date) => sql`update tickets set first_due_at = ${at} where id = ${id}`;
  const { now } = support;
  await due(first, addDays(now, 1));
  await due(second, addDays(now, 2));
  await due(lateFirst, addDays(now, -2));
  await due(lateSecond, addDays(now, -1));
  await snoozeTicket(support, { ticketId: off, until: addDays(now, 1) });
  expect(await queue(support)).toEqual([byLawSooner, byLaw, lateFirst, lateSecond, first, second, waiting]);
  expect(await queue(support, { show: "snoozed" })).toEqual([off]);
  expect(await queue(support, { show: "breached" })).toEqual([lateFirst, lateSecond]);
  expect(await queue(support, { kind: "delete_agent" })).toEqual([byLawSooner]);
  expect(await queueCounts(support)).toEqual({ unclaimed: 6, breached: 2 });
  await wakeTickets(systemAt(db, addDays(now, 1)));
  expect(await queue(support)).toContain(off);
});

test("what is put off wakes when the customer writes, and only a moment to come is taken", async () => {
  const ticketId = await testTicket(customer);
  await expect(snoozeTicket(support, { ticketId, until: customer.now })).rejects.toMatchObject({ problem: "invalid" });
  await snoozeTicket(support, { ticketId, until: addDays(support.now, 3) });
  expect(JSON.stringify(await ticketOf(customer, ticketId))).not.toMatch(/snooz|claim/i);
  await replyToTicket(later(customer, 5), { ticketId, body: "Hello?", files: [] });
  expect((await deskTicket(support, ticketId)).snoozedUntil).toBeNull();
});

test("the first answer stops its clock for good, and each word of the customer's begins the next", async () => {
  const ticketId = await testTicket(customer);
  const clocks = async () => {
    const { firstAnsweredAt, nextDueAt } = await deskTicket(support, ticketId);
    return [firstAnsweredAt, nextDueAt];
  };
  await replyToTicket(later(customer, 1), { ticketId, body: "Hello?", files: [] });
  expect(await clocks()).toEqual([null, null]);
  await answerTicket(support, { ticketId, ...said });
  expect(await clocks()).toEqual([support.now, null]);
  await replyToTicket(later(customer, 10), { ticketId, body: "I see.", files: [] });
  const [, due] = await clocks();
  await replyToTicket(later(customer, 200), { ticketId, body: "Still there?", files: [] });
  expect(await clocks()).toEqual([support.now, due]);
});

test("a colleague who has the same ticket open is seen for five minutes", async () => {
  const ticketId = await testTicket(customer);
  await watchTicket(support, { ticketId });
  await watchTicket(support, { ticketId });
  expect((await deskTicket(support, ticketId)).watchers).toEqual([]);
  expect((await deskTicket(trust, ticketId)).watchers).toEqual(["Jonas Ek"]);
  expect((await deskTicket(later(trust, 6), ticketId)).watchers).toEqual([]);
});

test("help-zdr 37, T-4.2.1-RL: a ticket about higher limits is resolved once the request is decided, whoever resolves it", async () => {
  const wanted = { requestsPerSecond: 50, tokensPerMinute: null, tokensPerMonth: null, model: null };
  const id = await askForRates(customer, { ...wanted, useCase: "A launch with many more people." });
  const [row] = await sql`select id from tickets where record_id = ${id}`;
  const ticketId = row?.id as Id<"ticket">;
  expect((await ticketOf(customer, ticketId)).record).toMatchObject({ isDecided: false, words: "Not decided yet" });
  const undecided = { problem: "conflict" };
  await expect(settleTicket(support, { ticketId })).rejects.toMatchObject(undecided);
  await expect(answerTicket(support, { ticketId, ...said, state: "resolved" })).rejects.toMatchObject(undecided);
  await expect(resolveTicket(customer, { ticketId })).rejects.toMatchObject(undecided);
  expect((await ticketOf(customer, ticketId)).messages).toHaveLength(1);
  await openLook(support, { organizationId: customer.organizationId, reason: "ticket", words: "They ask for more." });
  await denyRequest(support, { id, reason: "Not before you use what you have." });
  expect((await ticketOf(customer, ticketId)).record).toMatchObject({ isDecided: true, words: "Denied" });
  await settleTicket(support, { ticketId });
});

test("help-zdr 37, T-4.2.1-KEY4: a leaked key is revoked, has a successor and a ticket, all or nothing", async () => {
  const draft = { scopes: ["completions:create" as const], models: null, addresses: null, expiresInDays: null };
  const { id } = await createKey(customer, { name: "checkout", ...draft });
  const successor = await reportLeak(customer, { id, body: "It was in a public repository." });
  expect(successor?.id).not.toBe(id);
  const [row] = await sql`select id, kind from tickets where record_id = ${id}`;
  const ticket = await ticketOf(customer, row?.id);
  expect(ticket).toMatchObject({ kind: "leaked_key", record: { words: "Revoked", isDecided: true } });
  expect(ticket.record?.more?.path).toBe(`logs?key=${id}`);
  expect(ticket.messages[0]?.body).toBe("It was in a public repository.");
  await expect(reportLeak(customer, { id, body: "" })).rejects.toMatchObject({ problem: "conflict" });
  expect(await sql`select 1 from tickets where record_id = ${id}`).toHaveLength(1);
});

test("T-5.2-DISP: a disputed invoice has its ticket, which waits for the decision", async () => {
  const { invoice } = await testBills({ db, sql, ctx: customer, word: "desk" });
  const [line] = await sql`select line from invoice_lines where invoice_id = ${invoice} and line <> 1`;
  const lines = [{ line: Number(line?.line ?? 1), amount: 1n }];
  const id = await objectToInvoice(customer, {
    invoiceId: invoice,
    wants: "credit",
    reason: "Too many requests.",
    lines,
  });
  const [row] = await sql`select id from tickets where record_id = ${id}`;
  const ticketId = row?.id as Id<"ticket">;
  await expect(settleTicket(support, { ticketId })).rejects.toMatchObject({ code: "undecided" });
});

type Step = "reply" | "resolve" | "answer" | "end" | "settle" | "claim" | "snooze" | "close" | "wake";
const steps: readonly Step[] = ["reply", "resolve", "answer", "end", "settle", "claim", "snooze", "close", "wake"];

const over = (state: string): boolean => state === "resolved" || state === "closed";

/** What is true of a ticket after any step, whether it was done or refused. */
function holds(step: Step, before: DeskTicket, after: DeskTicket): void {
  if (over(before.state) && !["reply", "close", "wake"].includes(step)) expect(after.state).toBe(before.state);
  expect(after.legalDueAt).toEqual(before.legalDueAt);
  if (before.firstAnsweredAt) expect(after.firstAnsweredAt).toEqual(before.firstAnsweredAt);
  const isAskedAgain = after.state === "open" && after.firstAnsweredAt !== null;
  expect(after.nextDueAt !== null).toBe(isAskedAgain);
}

function runOf(step: Step, ticketId: Id<"ticket">, minutes: number): Promise<unknown> {
  const [they, we] = [later(customer, minutes), later(support, minutes)];
  const house = later(systemAt(db, customer.now), minutes);
  const run: Record<Step, () => Promise<unknown>> = {
    reply: () => replyToTicket(they, { ticketId, body: "More.", files: [] }),
    resolve: () => resolveTicket(they, { ticketId }),
    answer: () => answerTicket(we, { ticketId, ...said }),
    end: () => answerTicket(we, { ticketId, ...said, state: "resolved" }),
    settle: () => settleTicket(we, { ticketId }),
    claim: () => claimTicket(we, { ticketId }),
    snooze: () => snoozeTicket(we, { ticketId, until: addDays(we.now, 1) }),
    close: () => closeTickets(house),
    wake: () => wakeTickets(house),
  };
  return run[step]();
}

const walk = fc.array(fc.tuple(fc.constantFrom(...steps), fc.integer({ min: 1, max: 20 * 24 * 60 })), {
  maxLength: 12,
});

test("whatever people do in whatever order, a ticket is always in one of its states with the clocks of that state", async () => {
  await fc.assert(
    fc.asyncProperty(walk, async (walk) => {
      const ticketId = await testTicket(customer);
      let minutes = 1;
      for (const [step, wait] of walk) {
        minutes += wait;
        const before = await deskTicket(support, ticketId);
        await runOf(step, ticketId, minutes).catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
        holds(step, before, await deskTicket(support, ticketId));
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
