import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { purchaseOrders } from "#db/schema/orders.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { orderFilter } from "./input.ts";
import { orderPage } from "./queries.ts";
import { orderPhases, phaseOf } from "./rules.ts";
import type { ListedOrder } from "./view.ts";

const { db, sql } = await testDatabase();
const born = new Date("2026-06-01T00:00:00Z");

let mine: Context;
let other: Context;
let desk: AccountContext;
beforeAll(async () => {
  [mine, other] = [await testWorkspace(db), await testWorkspace(db)];
  await sql`update organizations set name = ${"Zephyr 100%_ GmbH"} where id = ${mine.organizationId}`;
  await sql`update organizations set name = 'Aurora SAS' where id = ${other.organizationId}`;
  desk = (await orderDesk(db, mine)).author;
  const rows = Array.from({ length: 200 }, (_, n) => rowOf(n % 2 ? mine : other, n));
  for (const row of rows) {
    const { state, activatedAt, endedAt, approvedBy, ...draft } = row;
    await db.insert(purchaseOrders).values({ ...draft, state, activatedAt, endedAt, approvedBy });
  }
});

/** Orders of every state, beginning and ending around the first of June. */
function rowOf({ organizationId }: Context, n: number): typeof purchaseOrders.$inferInsert {
  const state = (["draft", "active", "withdrawn", "superseded"] as const)[n % 4] ?? "draft";
  const startsAt = addDays(born, (n % 7) - 3);
  const wasActive = state === "active" || state === "superseded" || (state === "withdrawn" && n % 3 > 0);
  return {
    organizationId,
    id: newId("order", addDays(born, -(n % 9))),
    number: `N-${String(n).padStart(3, "0")}`,
    state,
    signedAt: born,
    startsAt,
    endsAt: n % 5 ? addDays(startsAt, 1 + (n % 3)) : null,
    createdBy: "author",
    createdAt: addDays(born, -(n % 9)),
    approvedBy: wasActive ? ["first", "second"] : [],
    activatedAt: wasActive ? addDays(born, -10) : null,
    endedAt: state === "withdrawn" || state === "superseded" ? addDays(born, (n % 6) - 2) : null,
  };
}

async function everyPage(asked: Record<string, string>, at = now()): Promise<{ pages: number; rows: ListedOrder[] }> {
  const ctx = { ...desk, now: at };
  const rows: ListedOrder[] = [];
  let pages = 0;
  for (let after: string | null | undefined; after !== null; ) {
    const page = await orderPage(ctx, orderFilter.parse({ ...asked, ...(after && { after }) }));
    expect(page.rows.length).toBeLessThanOrEqual(50);
    expect(page.first).toBe(rows.length === 0 && page.rows.length === 0 ? 1 : rows.length + 1);
    rows.push(...page.rows);
    after = page.after;
    pages += 1;
  }
  return { pages, rows };
}

test.each(["", "-state", "state", "customer", "-customer", "number", "-number"])(
  "two hundred orders come page by page, each once, sorted by %j",
  async (sort) => {
    const { pages, rows } = await everyPage(sort ? { sort } : {});
    expect(pages).toBe(4);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(200);
    if (sort.includes("number")) {
      const numbers = rows.map(({ number }) => number);
      expect(numbers).toEqual(sort === "number" ? numbers.toSorted() : numbers.toSorted().toReversed());
    }
    if (sort === "" || sort === "-state") {
      const isDraft = rows.map(({ state }) => state === "draft");
      expect(isDraft).toEqual(isDraft.toSorted((a, b) => Number(b) - Number(a)));
    }
  },
);

test("the filter of a state leaves the orders whose badge says so, at every instant", async () => {
  const hours = fc.integer({ min: -5 * 24, max: 6 * 24 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...orderPhases), hours, async (state, hour) => {
      const at = new Date(born.getTime() + hour * 3_600_000);
      const all = (await everyPage({}, at)).rows.filter((order) => phaseOf(order, at) === state);
      const { rows } = await everyPage({ state }, at);
      expect(rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    }),
    { numRuns: 30 },
  );
});

test("a customer is found by a part of its name, taken as it is written, or by its id; an order by its number as well", async () => {
  const ours = (rows: readonly ListedOrder[]) => new Set(rows.map(({ organizationId }) => organizationId));
  for (const customer of ["zephyr", "100%_", mine.organizationId]) {
    const { rows } = await everyPage({ customer });
    expect(rows).toHaveLength(100);
    expect(ours(rows)).toEqual(new Set<Id<"organization">>([mine.organizationId]));
  }
  expect((await everyPage({ customer: "%" })).rows).toHaveLength(100);
  expect((await everyPage({ customer: "nobody" })).rows).toEqual([]);
  expect((await everyPage({ q: "n-007" })).rows).toMatchObject([{ number: "N-007" }]);
  expect((await everyPage({ q: "aurora", state: "draft" })).rows.map(({ state }) => state)).not.toContain("active");
  expect(ours((await everyPage({ state: "nonsense", sort: "nonsense" })).rows).size).toBe(2);
});

test("what an order says is behind a reason, and the list is for its desk", async () => {
  const { rows } = await everyPage({});
  for (const order of rows) expect(order.isHidden).toBe(order.organizationId === other.organizationId);
  await expect(orderPage(staffAt("support", now()), orderFilter.parse({}))).rejects.toMatchObject({
    problem: "forbidden",
  });
});
