import { afterEach, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { agreeToAssistance, expireAssistance, revokeAssistance } from "#lib/domain/assistance/commands.ts";
import { applyEnds } from "#lib/domain/ending/applying/commands.ts";
import { giveNotice } from "#lib/domain/ending/notice/commands.ts";
import { sweepDeadlines } from "#lib/domain/escalation/commands.ts";
import { settleTicket } from "#lib/domain/help/desk/commands.ts";
import { askForRates } from "#lib/domain/help/records/commands.ts";
import { createKey, reportLeakedKey, revokeKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { reportBounce } from "#lib/domain/notices/commands.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { announce, type NoticeHooks, runNotices } from "#lib/domain/notices/legal/commands.ts";
import { withdrawRequest } from "#lib/domain/rates/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { denyRequest } from "#lib/domain/staff/rates/commands.ts";
import {
  answerZeroRetention,
  requestZeroRetention,
  withdrawZeroRetention,
} from "#lib/domain/zero-retention/commands.ts";
import {
  approveZeroRetention,
  askAboutZeroRetention,
  claimZeroRetention,
} from "#lib/domain/zero-retention/desk/commands.ts";
import { testAssistance, testFile } from "#lib/testing/assistance.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";

const { db, sql } = await testDatabase();

let ctx: Context;
beforeEach(async () => {
  delete env().SMTP_URL;
  env().ZDR_APPROVERS = 1;
  const { actor, ...rest } = await testWorkspace(db);
  ctx = { ...rest, actor: { ...actor, permissions: new Set([...actor.permissions, "account.open"]) } };
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
});
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));

const at = (now: Date): Context => ({ ...ctx, now });
const later = (minutes: number): Context => at(addMinutes(ctx.now, minutes));
/** Every clock that ran, with how far from now it is due and how it ended. */
const ran = async (clock: string) => {
  const rows = await sql`select due_at, met_at, cancelled_at from deadlines
    where organization_id = ${ctx.organizationId} and clock = ${clock} order by opened_at, id`;
  return rows.map((row) => {
    const how = row.met_at ? "met" : row.cancelled_at ? "cancelled" : "open";
    return [new Date(row.due_at).getTime(), how];
  });
};
const key = (expiresInDays: number | null) =>
  createKey(ctx, { name: "Checkout", scopes: ["models:read"], models: null, addresses: null, expiresInDays });

test("contract 32, T-4.2.1-KEY2: a key's clock runs to its expiry, moves with a rotation, and stops with the key", async () => {
  await key(null);
  expect(await ran("key.expiry")).toEqual([]);
  const { id, expiresAt } = await key(90);
  expect(await ran("key.expiry")).toEqual([[expiresAt?.getTime(), "open"]]);
  const { oldEndsAt, id: next } = await rotateKey(later(1), { id, grace: "day" });
  expect(await ran("key.expiry")).toEqual([
    [oldEndsAt.getTime(), "open"],
    [addMinutes(addDays(ctx.now, 90), 1).getTime(), "open"],
  ]);
  await revokeKey(later(2), { id });
  await reportLeakedKey(later(3), { id: next });
  expect((await ran("key.expiry")).map(([, how]) => how)).toEqual(["cancelled", "cancelled", "open"]);
});

test("contract 32, T-4.2.1-RL: a request for limits is answered by its ticket's date; it is met by a decision, cancelled by withdrawal", async () => {
  const ask = { model: null, requestsPerSecond: 20, tokensPerMinute: null, tokensPerMonth: null } as const;
  const useCase = "A shop that opens in December with many visitors.";
  const id = await askForRates(ctx, { ...ask, useCase });
  const [ticket] = await sql`select first_due_at from tickets where record_id = ${id}`;
  expect(await ran("rate.request")).toEqual([[new Date(ticket?.first_due_at).getTime(), "open"]]);
  await withdrawRequest(later(1), { id });
  const again = await askForRates(later(2), { ...ask, useCase });
  const desk = staffAt("support", addMinutes(ctx.now, 3));
  await openLook(desk, { organizationId: ctx.organizationId, reason: "request", words: "They ask for more." });
  await denyRequest(desk, { id: again, reason: "Not before the next cluster." });
  expect((await ran("rate.request")).map(([, how]) => how)).toEqual(["cancelled", "met"]);
});

test("contract 32, T-4.2.2.2-ZDR2, T-4.2.2.2-ZDR3: the review stands still while the customer has the word; approved, the next clock runs", async () => {
  const desk = await zeroRetentionDesk(db, ctx);
  const id = await requestZeroRetention(ctx, zeroRetentionAsk());
  const [[first]] = (await ran("zdr.review")) as [[number, string]];
  await claimZeroRetention(desk, { id });
  await askAboutZeroRetention(desk, { id, question: "Which contract is that?" });
  expect((await ran("zdr.review")).map(([, how]) => how)).toEqual(["cancelled"]);
  await answerZeroRetention(later(20), { id, answer: "The one with our own customers." });
  expect((await ran("zdr.review"))[1]).toEqual([first + 20 * 60_000, "open"]);
  await approveZeroRetention({ ...desk, now: addMinutes(ctx.now, 25) }, { id, reason: "They promised it." });
  expect((await ran("zdr.review"))[1]?.[1]).toBe("met");
  expect(await ran("zdr.implement")).toEqual([[addMinutes(ctx.now, 25 + 240).getTime(), "open"]]);
  await withdrawZeroRetention(later(29), { id });
  expect((await ran("zdr.implement"))[0]?.[1]).toBe("cancelled");
});

test.each(["met", "cancelled"] as const)(
  "contract 32, T-4.2.3-ASSIST: a grant of access runs to its last instant, and is %s by it or by the customer",
  async (ends) => {
    await testFile(ctx, 3);
    const id = await testAssistance(db, ctx, ends);
    const files = await sql`select id from files where organization_id = ${ctx.organizationId}`;
    const [grant] = await sql`select staff_ids from assistance_grants where id = ${id}`;
    await agreeToAssistance(ctx, { id, fileIds: files.map((file) => file.id), staffIds: grant?.staff_ids, days: 2 });
    const due = addDays(ctx.now, 2);
    expect(await ran("grant.expiry")).toEqual([[due.getTime(), "open"]]);
    await (ends === "met" ? expireAssistance(systemAt(db, due)) : revokeAssistance(ctx, { id }));
    expect(await ran("grant.expiry")).toEqual([[due.getTime(), ends]]);
  },
);

test("contract 32, T-4.2.3-DEL3: a model that is to be deleted has thirty days from its ticket, until the ticket is resolved", async () => {
  await testTicket(ctx, { kind: "delete_model", subject: "Delete it", body: "Please.", target: "ft:tiny:shop" });
  expect(await ran("deletion.tuned-model")).toEqual([[addDays(ctx.now, 30).getTime(), "open"]]);
  const [ticket] = await sql`select id from tickets where organization_id = ${ctx.organizationId}`;

  await settleTicket(staffAt("support", ctx.now), { ticketId: ticket?.id });
  expect((await ran("deletion.tuned-model"))[0]?.[1]).toBe("met");
});

const start = new Date("2026-12-01T10:00:00Z");
const hooks: NoticeHooks = {
  kinds: [
    {
      about: "terms",
      factsOf: async () => null,
      letter: (_facts, to) => compose({ kind: "terms.announced", to, subject: "Terms", before: ["Text"] }),
      effectiveAt: (_facts, noticedAt, plannedAt) => new Date(Math.max(+plannedAt, +addDays(noticedAt, 30))),
    },
  ],
  onLost: async () => undefined,
  onGiven: async () => undefined,
};

async function noticed(aboutId: string): Promise<void> {
  const run = { about: "terms", aboutId } as const;
  const plannedAt = addDays(start, 31);
  await transaction(systemAt(db, start), (ctx) => announce(ctx, { ...run, clause: "T-7-SUB", plannedAt }));
  await runNotices(systemAt(db, start), run, hooks);
}

test("contract 32, T-7-SUB, T-7-EXIT: new terms run to their date for each customer, and not where the letter came back", async () => {
  await noticed("one");
  const due = addDays(start, 31);
  for (const clock of ["terms.effective", "terms.exit"]) expect(await ran(clock)).toEqual([[due.getTime(), "open"]]);
  const [letter] =
    await sql`select id from letters where organization_id = ${ctx.organizationId} and kind = 'terms.announced'`;
  await sql`update letters set state = 'sent', sent_at = ${start} where id = ${letter?.id}`;
  await reportBounce(systemAt(db, addDays(start, 1)), { id: letter?.id, reason: "No such mailbox." });
  for (const clock of ["terms.effective", "terms.exit"]) expect((await ran(clock))[0]?.[1]).toBe("cancelled");
  await noticed("two");
  await sweepDeadlines(systemAt(db, due));
  await applyNotices(systemAt(db, due), hooks);
  for (const clock of ["terms.effective", "terms.exit"])
    expect((await ran(clock)).map(([, how]) => how).toSorted()).toEqual(["cancelled", "met"]);
});

test("contract 32, T-6-EFF: the end stops what no one waits for any more, and what is kept runs to its deletion", async () => {
  const end = new Date("2027-01-01T00:00:00.000Z");
  await noticed("three");
  await key(90);
  await giveNotice(at(new Date("2026-12-10T00:00:00Z")), { endsAt: end, name: "Test", keysDeleted: "on" });
  await applyEnds(systemAt(db, end));
  for (const clock of ["key.expiry", "terms.effective", "terms.exit"])
    expect([clock, (await ran(clock)).at(-1)?.[1]]).toEqual([clock, "cancelled"]);
  const kept = ["agent", "conversation", "file"];
  for (const kind of kept) expect(await ran(`retention.${kind}`)).toEqual([[addDays(end, 30).getTime(), "open"]]);
  expect(await ran("retention.tuned-model")).toEqual([[Date.parse("2028-01-01T00:00:00Z"), "open"]]);
  expect(await ran("contract.end")).toEqual([[end.getTime(), "met"]]);
});

test("contract 32: verify finds a clock that was not opened, not stopped, or set to another date", async () => {
  const { id } = await key(90);
  await sql`update deadlines set due_at = due_at + interval '1 ms' where subject_id = ${id}`;
  expect(await wrongDeadlines(db)).toEqual(["each open deadline has the date its rule gives: 1"]);
  await sql`update keys set revoked_at = created_at where id = ${id}`;
  expect(await wrongDeadlines(db)).toEqual(["no deadline is open of what is over: 1"]);
  await sql`update keys set revoked_at = null where id = ${id}`;
  await sql`delete from deadlines where subject_id = ${id}`;
  expect(await wrongDeadlines(db)).toEqual(["everything open that has a date has one open deadline: 1"]);
  await sql`delete from keys where id = ${id}`;
});
