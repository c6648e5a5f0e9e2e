import { eq } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { organizations } from "#db/schema/organizations.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayOf, now } from "#lib/core/clock.ts";
import { deskAccount } from "#lib/domain/billing/desk/account/queries.ts";
import { accountFilter } from "#lib/domain/billing/desk/input.ts";
import { accountPage } from "#lib/domain/billing/desk/queries.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { withdrawOrder } from "#lib/domain/orders/commands.ts";
import { requestRates } from "#lib/domain/rates/commands.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { openRateRequests } from "#lib/domain/staff/rates/queries.ts";
import { testCustomer } from "#lib/testing/billing.ts";
import { orderDesk } from "#lib/testing/orders.ts";
import { planColumn } from "./queries.ts";
import { planAt } from "./rules.ts";

const { db } = await testDatabase();

test("T-2-PREC: the plan of a row is the one the gate reads, whatever orders there are and whenever it is asked", async () => {
  const ctx = await testCustomer(db, { at: now() });
  const { active, author } = await orderDesk(db, ctx);
  const day = (days: number) => dayOf(addDays(now(), days));
  await active("days.net = 45", { number: "1", startsAt: day(10), endsAt: day(19) });
  await active("members.max = 9", { number: "2", startsAt: day(15), endsAt: day(29) });
  const gone = await active("days.net = 45", { number: "3", startsAt: day(40) });
  await withdrawOrder(
    { ...author, now: now() },
    { organizationId: ctx.organizationId, id: gone, reason: "It was not signed." },
  );
  await active("days.net = 45", { number: "4", startsAt: day(60) });
  const facts = await factsOf(ctx);
  const at = fc.oneof(
    fc.constantFrom(
      ...[10, 20, 30, 40, 60].flatMap((days) => {
        const edge = new Date(`${day(days)}T00:00:00Z`).getTime();
        return [edge - 1, edge, edge + 1];
      }),
    ),
    fc.integer({ min: -5, max: 90 * 24 }).map((hours) => now().getTime() + hours * 3_600_000),
  );
  await fc.assert(
    fc.asyncProperty(at, async (ms) => {
      const [row] = await db
        .select({ plan: planColumn(new Date(ms)) })
        .from(organizations)
        .where(eq(organizations.id, ctx.organizationId));
      expect(row?.plan).toBe(planAt(facts, ms));
    }),
  );
});

test("T-2-PREC: desks show the plan that holds, as the customer sees it", async () => {
  const ctx = await testCustomer(db, { at: now() });
  const { active, author } = await orderDesk(db, ctx);
  await requestRates(ctx, {
    model: null,
    requestsPerSecond: 50,
    tokensPerMinute: null,
    tokensPerMonth: null,
    useCase: "A launch that many people will see.",
  });
  const seen = async () => {
    const desk = { ...author, now: now() };
    const requests = await openRateRequests(desk);
    return {
      customer: await currentPlan({ ...ctx, now: now() }),
      rates: requests.find(({ organizationId }) => organizationId === ctx.organizationId)?.plan,
      accounts: (await accountPage(desk, accountFilter.parse({ q: ctx.organizationId }))).rows[0]?.plan,
      account: (await deskAccount(desk, ctx.organizationId)).plan,
    };
  };
  expect(await seen()).toEqual({ customer: "paid", rates: "paid", accounts: "paid", account: "paid" });
  await active("days.net = 45");
  expect(await seen()).toEqual({ customer: "order", rates: "order", accounts: "order", account: "order" });
});
