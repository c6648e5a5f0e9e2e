import { afterEach, beforeAll, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { disputes } from "#db/schema/disputes.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testBills } from "#lib/testing/bills.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { disputeFilter } from "./input.ts";
import { deskDisputePage, disputePage } from "./queries.ts";
import { disputeWords } from "./rules.ts";
import type { ListedDispute } from "./view.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));
const states = Object.keys(disputeWords) as (keyof typeof disputeWords)[];

let mine: Context;
let other: Context;
beforeAll(async () => {
  [mine, other] = [await testWorkspace(db), await testWorkspace(db)];
  const bills = [
    { ctx: mine, invoice: (await testBills({ db, sql, ctx: mine, word: "quince" })).invoice },
    { ctx: other, invoice: (await testBills({ db, sql, ctx: other, word: "rowan" })).invoice },
  ];
  for (const { ctx, invoice } of bills)
    await db.insert(disputes).values(Array.from({ length: 119 }, (_, n) => rowOf(ctx, invoice, n)));
});

const rowOf = ({ organizationId, now, actor }: Context, invoiceId: Id<"invoice">, n: number) => ({
  organizationId,
  id: newId("dispute", now),
  invoiceId,
  state: states[n % states.length] ?? "open",
  wants: "credit" as const,
  reason: `Secret words ${n}`,
  openedBy: actor.id as Id<"user">,
  openedAt: addDays(now, -(n % 11)),
  amountCents: BigInt(100 + (n % 7)),
});

async function everyPage(asked: Record<string, string>, of = disputePage as (...given: never[]) => unknown) {
  const rows: ListedDispute[] = [];
  const ctx = of === disputePage ? mine : staffAt("billing", mine.now);
  for (let after: string | null | undefined; after !== null; ) {
    const filter = disputeFilter.parse({ ...asked, ...(after && { after }) });
    const page = await (of as typeof deskDisputePage)(ctx, filter);
    expect(page.rows.length).toBeLessThanOrEqual(50);
    rows.push(...page.rows);
    after = page.after;
  }
  return rows;
}

test.each(["", "state", "-state", "opened", "-opened", "amount", "-amount"])(
  "disputes of an organization come page by page, each once and no one else's, sorted by %j",
  async (sort) => {
    const rows = await everyPage(sort ? { sort } : {});
    expect(new Set(rows.map(({ id }) => id)).size).toBe(120);
    expect(rows).toHaveLength(120);
    expect(new Set(rows.map(({ organizationId }) => organizationId))).toEqual(new Set([mine.organizationId]));
    expect(JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "Secret words",
    );
    if (sort !== "" && sort !== "state") return;
    const open = rows.filter(({ state }) => state === "open").map(({ openedAt }) => openedAt.getTime());
    expect(rows.slice(0, open.length).every(({ state }) => state === "open")).toBe(true);
    expect(open).toEqual(open.toSorted((a, b) => a - b));
    const over = rows.slice(open.length).map(({ openedAt }) => openedAt.getTime());
    expect(over).toEqual(over.toSorted((a, b) => b - a));
  },
);

test("the desk has those of all customers, by state, invoice or customer", async () => {
  expect(await everyPage({}, deskDisputePage)).toHaveLength(240);
  for (const state of states) {
    const rows = await everyPage({ state }, deskDisputePage);
    expect(new Set(rows.map((row) => row.state))).toEqual(new Set([state]));
  }
  const [first] = await everyPage({});
  const number = first?.number ?? "";
  expect((await everyPage({ q: number })).length).toBe(120);
  expect((await everyPage({ q: "nothing like it" })).length).toBe(0);
  await sql`update organizations set name = 'Rowan 100%' where id = ${other.organizationId}`;
  expect(await everyPage({ q: "rowan 100%" }, deskDisputePage)).toHaveLength(120);
});
