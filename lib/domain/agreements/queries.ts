import { and, desc, eq, isNull } from "drizzle-orm";
import { agreements, terminations } from "#db/schema/contract.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { Agreement, Termination } from "./view.ts";

const columns = {
  number: agreements.number,
  startsAt: agreements.startsAt,
  endsAt: agreements.endsAt,
  endedAt: agreements.endedAt,
  cause: agreements.cause,
};

/** The latest agreement, running or ended; null before the first use and the first acceptance. */
export async function latestAgreement(ctx: OrganizationContext): Promise<Agreement | null> {
  authorize(ctx.actor, "organization.read");
  const [found] = await ctx.db
    .select(columns)
    .from(agreements)
    .where(eq(agreements.organizationId, ctx.organizationId))
    .orderBy(desc(agreements.number))
    .limit(1);
  return found ?? null;
}

/** What ends the latest agreement, or ended it; null where nothing does, or it was withdrawn. */
export async function terminationOf(ctx: OrganizationContext): Promise<Termination | null> {
  authorize(ctx.actor, "contract.read");
  const [found] = await ctx.db
    .select()
    .from(terminations)
    .where(and(eq(terminations.organizationId, ctx.organizationId), isNull(terminations.withdrawnAt)))
    .orderBy(desc(terminations.agreementNumber))
    .limit(1);
  const latest = await latestAgreement(ctx);
  return found && found.agreementNumber === latest?.number ? found : null;
}
