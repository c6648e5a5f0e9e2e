import { and, eq } from "drizzle-orm";
import { spendLimits } from "#db/schema/limits.ts";
import type { Scope } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Period } from "#lib/domain/limits/rules.ts";
import { isRaise } from "./rules.ts";

type Wanted = { scope: Scope; scopeId: string; period?: Period; limit: bigint | null };

/** Whether a change lets more be spent than before, which asks for a recent sign-in; to lower a limit never has to wait. */
export async function raisesLimit(
  ctx: OrganizationContext,
  { scope, scopeId, period = "month", limit }: Wanted,
): Promise<boolean> {
  authorize(ctx.actor, "limits.read");
  const [before] = await ctx.db
    .select({ limitPico: spendLimits.limitPico })
    .from(spendLimits)
    .where(
      and(
        eq(spendLimits.organizationId, ctx.organizationId),
        eq(spendLimits.scope, scope),
        eq(spendLimits.scopeId, scopeId),
        eq(spendLimits.period, period),
      ),
    );
  return isRaise(before?.limitPico ?? null, limit);
}
