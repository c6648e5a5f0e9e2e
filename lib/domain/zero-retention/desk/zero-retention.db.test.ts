import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import {
  answerZeroRetention,
  endZeroRetention,
  requestZeroRetention,
  withdrawZeroRetention,
} from "#lib/domain/zero-retention/commands.ts";
import { zeroRetentionRequestsOf, zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";
import {
  approveZeroRetention,
  askAboutZeroRetention,
  claimZeroRetention,
  denyZeroRetention,
  revokeZeroRetention,
} from "./commands.ts";
import { deskZeroRetention, openZeroRetention } from "./queries.ts";

const { db, sql } = await testDatabase();
const reason = "They promised it to their own customers.";

let ctx: Context;
let desk: AccountContext;
beforeEach(async () => {
  env().ZDR_APPROVERS = 1;
  ctx = await testWorkspace(db);
  desk = await zeroRetentionDesk(db, ctx);
});

const asked = (more: object = {}) => requestZeroRetention(ctx, zeroRetentionAsk(more));
const flag = async (): Promise<boolean> => (await zeroRetentionStanding(ctx)).isInForce;
const letters = async (): Promise<string[]> => {
  const rows =
    await sql`select kind from letters where organization_id = ${ctx.organizationId} order by created_at, id`;
  return rows
    .map(({ kind }) => kind as string)
    .filter((kind) => kind.startsWith("retention."))
    .toSorted();
};
const audited = async (): Promise<[string, string | null][]> => {
  const rows = await sql`select action, clause from audit_events where organization_id = ${ctx.organizationId}
    and action like 'zero-retention.%'`;
  return rows
    .map(({ action, clause }) => [action as string, clause as string | null] as [string, string | null])
    .toSorted();
};

test("T-4.2.2.2-ZDR1, T-4.2.2.2-ZDR2, T-4.2.2.2-ZDR3: a request is asked back, answered and approved, and from then on nothing is stored", async () => {
  const id = await asked();
  expect((await openZeroRetention(desk)).map((request) => request.id)).toContain(id);
  await claimZeroRetention(desk, { id });
  await askAboutZeroRetention(desk, { id, question: "Which contract is that?" });
  await answerZeroRetention({ ...ctx, now: addMinutes(ctx.now, 90) } as Context, {
    id,
    answer: "The one with the city.",
  });
  expect(await flag()).toBe(false);
  await approveZeroRetention(desk, { id, reason });
  expect(await flag()).toBe(true);
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([
    {
      state: "approved",
      decidedReason: reason,
      messages: [
        { from: "staff", name: "Noor Haddad", text: "Which contract is that?" },
        { from: "customer", text: "The one with the city." },
      ],
    },
  ]);
  expect(await letters()).toEqual(["retention.zero-approved", "retention.zero-asked"]);
  expect(await audited()).toEqual([
    ["zero-retention.answer", "T-4.2.2.2-ZDR2"],
    ["zero-retention.approve", "T-4.2.2.2-ZDR2"],
    ["zero-retention.ask", "T-4.2.2.2-ZDR2"],
    ["zero-retention.claim", "T-4.2.2.2-ZDR2"],
    ["zero-retention.request", "T-4.2.2.2-ZDR1"],
  ]);
  const [row] = await sql`select waited_ms from zero_retention_requests where id = ${id}`;
  expect(Number(row?.waited_ms)).toBe(90 * 60_000);
});

test("what both sides wrote lies in no row, letter, audit row or webhook in the clear", async () => {
  const word = "heliotrope";
  const id = await asked({ words: `${word} ${"x".repeat(60)}` });
  await claimZeroRetention(desk, { id });
  await askAboutZeroRetention(desk, { id, question: `${word}, which one?` });
  await answerZeroRetention(ctx, { id, answer: `${word} it is` });
  await approveZeroRetention(desk, { id, reason: `${word} is a good reason` });
  for (const table of ["zero_retention_requests", "audit_events", "letters", "webhook_events"]) {
    const rows = await sql`select to_jsonb(it)::text as line from ${sql(table)} as it`;
    expect(
      rows.filter(({ line }) => (line as string).includes(word)),
      table,
    ).toEqual([]);
  }
});

test("help-zdr 2, T-4.2.2.2-ZDR1: one request for each scope is open at a time, and a new one can follow a denial", async () => {
  const id = await asked();
  await expect(asked()).rejects.toMatchObject({ problem: "conflict", code: "zero_retention_requested" });
  await asked({ scope: ctx.workspaceId });
  await asked({ scope: "on_request" });
  await expect(asked({ scope: ctx.workspaceId })).rejects.toMatchObject({ code: "zero_retention_requested" });
  await claimZeroRetention(desk, { id });
  await denyZeroRetention(desk, { id, reason: "There is no contract that asks for it." });
  expect(await letters()).toEqual(["retention.zero-denied"]);
  expect(await flag()).toBe(false);
  await asked();
});

test("T-4.2.2.2-ZDR1: of ten who ask at once, one is heard", async () => {
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => asked()));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("help-zdr 2, T-4.2.2.2-ZDR1: the free plan has none of it", async () => {
  ctx = await testWorkspace(db, { plan: "free" });
  await expect(asked()).rejects.toMatchObject({ problem: "conflict", code: "zero_retention_needs_paid_plan" });
});

test("T-4.2.2.2-ZDR1: a workspace of another organization is not there", async () => {
  const { workspaceId } = await testWorkspace(db);
  await expect(asked({ scope: workspaceId })).rejects.toMatchObject({ problem: "not_found" });
});

test("help-zdr 2, T-4.2.2.2-ZDR2: no one decides about a request of their own or of an organization they are in", async () => {
  const id = await asked();
  const own = { ...desk, actor: { ...desk.actor, id: ctx.actor.id } } as AccountContext;
  await openLook(own, { organizationId: ctx.organizationId, reason: "request", words: "They ask for zero retention." });
  await expect(claimZeroRetention(own, { id })).rejects.toMatchObject({ problem: "forbidden" });
  await sql`insert into members (organization_id, user_id, roles, created_at)
    values (${ctx.organizationId}, ${desk.actor.id}, array['member'], now())`;
  await expect(claimZeroRetention(desk, { id })).rejects.toMatchObject({ code: "own_request" });
  expect((await deskZeroRetention(desk, id)).reviewProblem).toMatch(/member of this customer/);
});

test("help-zdr 2, T-4.2.2.2-ZDR2: where two people have to approve, the second is another one, and until then nothing changes", async () => {
  env().ZDR_APPROVERS = 2;
  const id = await asked();
  await claimZeroRetention(desk, { id });
  await approveZeroRetention(desk, { id, reason });
  expect(await flag()).toBe(false);
  await expect(approveZeroRetention(desk, { id, reason })).rejects.toMatchObject({ problem: "conflict" });
  const second = await zeroRetentionDesk(db, ctx, "legal");
  await approveZeroRetention(second, { id, reason });
  expect(await flag()).toBe(true);
  expect(await letters()).toEqual(["retention.zero-approved"]);
});

test("T-4.2.2.2-ZDR2: of two who decide at once one is told, and the customer gets one letter", async () => {
  const id = await asked();
  await claimZeroRetention(desk, { id });
  const second = await zeroRetentionDesk(db, ctx);
  const both = await Promise.allSettled([
    approveZeroRetention(desk, { id, reason }),
    denyZeroRetention(second, { id, reason }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await letters()).toHaveLength(1);
});

test("without a reason to look at the customer the desk shows none of its words, and decides nothing", async () => {
  const id = await asked();
  await sql`update staff_looks set closed_at = now() where organization_id = ${ctx.organizationId}`;
  expect(await deskZeroRetention(desk, id)).toMatchObject({ isHidden: true, words: null, requesterName: "" });
  await expect(claimZeroRetention(desk, { id })).rejects.toMatchObject({ code: "look_required" });
});

test.each(["workspace", "organization"] as const)(
  "T-4.2.2.2-ZDR5: %s: taken back or ended by the customer, things are kept again at once",
  async (scope) => {
    const place = scope === "workspace" ? { scope: ctx.workspaceId } : {};
    for (const end of [withdrawZeroRetention, endZeroRetention]) {
      const id = await asked(place);
      await claimZeroRetention(desk, { id });
      await approveZeroRetention(desk, { id, reason });
      expect(await zeroRetentionStanding(ctx)).toMatchObject({ isInForce: true, by: scope });
      await end(ctx, { id });
      expect(await flag()).toBe(false);
      await expect(end(ctx, { id })).rejects.toMatchObject({ problem: "conflict" });
    }
  },
);

async function active(): Promise<ReturnType<typeof asked>> {
  const id = await asked();
  await claimZeroRetention(desk, { id });
  await approveZeroRetention(desk, { id, reason });
  await sql`update zero_retention_requests set state = 'active', active_at = now(), evidence = '{}' where id = ${id}`;
  return id;
}

test("T-4.2.2.2-ZDR2: staff end it with thirty days' notice, and at once for abuse or the law alone", async () => {
  const noticed = await active();
  await revokeZeroRetention(desk, { id: noticed, reason: "We close this kind of contract.", code: "other" });
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "ending", endsAt: addDays(desk.now, 30) }]);
  expect(await flag()).toBe(true);
  await revokeZeroRetention(desk, { id: noticed, reason: "A court asks for it.", code: "legal" });
  expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "revoked", endReason: "legal" }]);
  expect(await flag()).toBe(false);
  expect(await letters()).toEqual(["retention.zero-approved", "retention.zero-ended", "retention.zero-notice"]);
});

/** What no statement may do to a request, whoever sends it. */
const forbidden: [string, string][] = [
  [
    "approved without anyone's approval",
    "state = 'approved', decided_at = now(), decided_by = 'a', decided_reason = '', claimed_by = 'a'",
  ],
  ["decided without a reason", "state = 'denied', claimed_by = 'a', decided_by = 'a', decided_at = now()"],
  [
    "approved by its requester",
    "state = 'approved', claimed_by = 'a', decided_at = now(), decided_by = user_id, decided_reason = '', approver = user_id, approvers_needed = 1",
  ],
  [
    "approved twice by one person",
    "state = 'approved', claimed_by = 'a', decided_at = now(), decided_by = 'a', decided_reason = '', first_approver = 'a', approver = 'a', approvers_needed = 2",
  ],
  [
    "active without evidence",
    "state = 'active', claimed_by = 'a', decided_at = now(), decided_by = 'a', decided_reason = '', approver = 'a', approvers_needed = 1, active_at = now()",
  ],
  ["ended without a date", "state = 'ended', end_reason = 'customer'"],
  ["a workspace's without a workspace", "scope = 'workspace'"],
  ["asked without a moment", "state = 'asked', claimed_by = 'a'"],
];

test.each(forbidden)("T-4.2.2.2-ZDR2: the database refuses a request that is %s", async (_, change) => {
  const id = await asked();
  await expect(sql.unsafe(`update zero_retention_requests set ${change} where id = '${id}'`)).rejects.toMatchObject({
    code: "23514",
  });
});
