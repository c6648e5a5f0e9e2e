import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { applyDowngrades, downgradePlan } from "#lib/domain/billing/plan/commands.ts";
import { setPlan } from "#lib/domain/organizations/plan/commands.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { approveZeroRetention, claimZeroRetention } from "#lib/domain/zero-retention/desk/commands.ts";
import { zeroRetentionRequestsOf } from "#lib/domain/zero-retention/queries.ts";
import { systemAt, testCustomer } from "#lib/testing/billing.ts";
import { zeroRetentionAsk, zeroRetentionDesk } from "#lib/testing/zero-retention.ts";
import { endForPlan } from "./commands.ts";

const { db, sql } = await testDatabase();
const reason = "They promised it to their own customers.";
const free = { code: "zero_retention_active", problem: "conflict" };

let ctx: Context;
let desk: AccountContext;
beforeEach(async () => {
  ctx = await testCustomer(db, { at: now() });
  desk = await zeroRetentionDesk(db, ctx);
});

async function granted(scope: string): Promise<void> {
  const id = await requestZeroRetention(ctx, zeroRetentionAsk({ scope }));
  await claimZeroRetention(desk, { id });
  await approveZeroRetention(desk, { id, reason });
}

const planOf = async (): Promise<string> => {
  const [row] = await sql`select plan from organizations where id = ${ctx.organizationId}`;
  return row?.plan as string;
};

test.each(["organization", "workspace", "on_request"])(
  "T-4.2.2.2-ZDR5: %s: the way to the free plan asks for the organization's name, and ends it when the month is over",
  async (scope) => {
    await granted(scope === "workspace" ? ctx.workspaceId : scope);
    await expect(downgradePlan(ctx, {})).rejects.toMatchObject(free);
    await expect(downgradePlan(ctx, { name: "Another" })).rejects.toMatchObject(free);
    await downgradePlan(ctx, { name: "Test" });
    expect((await zeroRetentionRequestsOf(ctx))[0]?.state).toBe("approved");
    await applyDowngrades(systemAt(db, addDays(now(), 40)));
    expect(await planOf()).toBe("free");
    expect(await zeroRetentionRequestsOf(ctx)).toMatchObject([{ state: "ended", endReason: "plan" }]);
    const flags =
      await sql`select from organizations join workspaces on organization_id = organizations.id where organizations.id = ${ctx.organizationId}
      and (organizations.zero_retention_since is not null or workspaces.zero_retention_since is not null)`;
    expect(flags).toHaveLength(0);
  },
);

test("help-zdr 22, T-4.2.2.2-ZDR5: the terminal refuses it too, until the name is said", async () => {
  await granted("organization");
  const operator = inOrganization(systemAt(db, now()), ctx.organizationId);
  await expect(setPlan(operator, "free")).rejects.toMatchObject(free);
  await expect(endForPlan(operator, "Another")).rejects.toMatchObject(free);
  await endForPlan(operator, "Test");
  await setPlan(operator, "free");
  expect(await planOf()).toBe("free");
});

test.each([
  ["organizations", (id: string) => sql`update organizations set plan = 'free' where id = ${id}`],
  [
    "their flag",
    (id: string) => sql`update organizations set plan = 'free', zero_retention_since = null where id = ${id}`,
  ],
] as const)(
  "T-4.2.2.2-ZDR5: the database has no free plan under zero retention, whatever is asked of %s",
  async (_, change) => {
    await granted(ctx.workspaceId);
    await granted("organization");
    await expect(change(ctx.organizationId)).rejects.toMatchObject({ code: "ZR002" });
  },
);

test("help-zdr 22, T-4.2.2.2-ZDR5: to who leaves the paid plan nothing is granted any more", async () => {
  const id = await requestZeroRetention(ctx, zeroRetentionAsk());
  await claimZeroRetention(desk, { id });
  await downgradePlan(ctx, {});
  await expect(approveZeroRetention(desk, { id, reason })).rejects.toMatchObject({
    code: "zero_retention_needs_paid_plan",
  });
});
