import { and, desc, eq, inArray } from "drizzle-orm";
import { suspensions } from "#db/schema/abuse.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { SeenSuspension } from "./view.ts";

/** The suspension of this organization that is in force, or the last one that was; null where there never was one. */
export async function latestSuspension(ctx: OrganizationContext): Promise<SeenSuspension | null> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({
      id: suspensions.id,
      state: suspensions.state,
      reason: suspensions.reason,
      clause: suspensions.clause,
      words: suspensions.words,
      requestIds: suspensions.requestIds,
      startedAt: suspensions.startedAt,
      reviewOn: suspensions.reviewOn,
      appeal: suspensions.appeal,
      appealedAt: suspensions.appealedAt,
      appealDueAt: suspensions.appealDueAt,
      appealDecision: suspensions.appealDecision,
      appealAnswer: suspensions.appealAnswer,
      appealDecidedAt: suspensions.appealDecidedAt,
      endedAt: suspensions.endedAt,
      endedWords: suspensions.endedWords,
    })
    .from(suspensions)
    .where(and(eq(suspensions.organizationId, ctx.organizationId), inArray(suspensions.state, ["active", "lifted"])))
    .orderBy(desc(suspensions.startedAt))
    .limit(1);
  return row ?? null;
}

/** The one in force, for the top of every page. */
export async function suspensionInForce(ctx: OrganizationContext): Promise<Pick<SeenSuspension, "reason"> | null> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({ reason: suspensions.reason })
    .from(suspensions)
    .where(and(eq(suspensions.organizationId, ctx.organizationId), eq(suspensions.state, "active")));
  return row ?? null;
}
