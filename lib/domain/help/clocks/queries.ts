import { eq } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { supportHoursOf, supportTargetsOf } from "#lib/core/support-hours.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { answerDue } from "./rules.ts";

/** When an answer is due to what the customer writes now, by the plan that holds. */
export async function answerDueNow(ctx: OrganizationContext): Promise<Date> {
  authorize(ctx.actor, "help.write");
  const [organization] = await ctx.db
    .select({ plan: planColumn(ctx.now) })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  const { SUPPORT_HOURS, SUPPORT_HOLIDAYS, SUPPORT_TARGETS } = env();
  const [hours, targets] = [supportHoursOf(SUPPORT_HOURS, SUPPORT_HOLIDAYS), supportTargetsOf(SUPPORT_TARGETS)];
  return hours && targets ? answerDue(hours, targets, organization?.plan ?? "free", ctx.now) : ctx.now;
}
