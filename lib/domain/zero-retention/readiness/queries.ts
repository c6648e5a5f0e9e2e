import { asc, desc, gte } from "drizzle-orm";
import { attestations, readinessChecks } from "#db/schema/readiness.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { forgottenDays, isLate, isValid, worstOf } from "./rules.ts";
import type { Readiness } from "./view.ts";

/** What the last checks found, machine by machine, and what the operator attested. */
export async function readiness(ctx: AccountContext): Promise<Readiness> {
  authorize(ctx.actor, "zero-retention.decide");
  const checks = await ctx.db
    .select()
    .from(readinessChecks)
    .where(gte(readinessChecks.checkedAt, addDays(ctx.now, -forgottenDays)))
    .orderBy(asc(readinessChecks.place));
  const latest = await ctx.db
    .selectDistinctOn([attestations.subject])
    .from(attestations)
    .orderBy(asc(attestations.subject), desc(attestations.attestedAt));
  return {
    places: checks.map((row) => ({
      ...row,
      isLate: isLate(row.checkedAt, ctx.now),
      state: worstOf(row.lines),
    })),
    attestations: latest.map((row) => ({ ...row, isValid: isValid(row, ctx.now) })),
  };
}
