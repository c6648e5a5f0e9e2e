import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { rateOverrides, rateRequests } from "#db/schema/rates.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { type RateFacts, type RateFactsRow, rateFacts } from "./rules.ts";
import type { RateRequestView, WorkspaceRates } from "./view.ts";

/** What the organization's rate limits follow from: the same facts the gate reads with a key. */
export async function factsOf(ctx: OrganizationContext): Promise<RateFacts> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db.execute<{ facts: string }>(sql`select rate_facts(${ctx.organizationId})::text as facts`);
  return rateFacts(JSON.parse(row?.facts ?? "null") as RateFactsRow);
}

/** What a request says, for the person who may see it. */
export const requestColumns = {
  id: rateRequests.id,
  model: rateRequests.model,
  requestsPerSecond: rateRequests.requestsPerSecond,
  tokensPerMinute: rateRequests.tokensPerMinute,
  tokensPerMonth: rateRequests.tokensPerMonth,
  useCase: rateRequests.useCase,
  state: rateRequests.state,
  answer: rateRequests.answer,
  decidedAt: rateRequests.decidedAt,
  createdAt: rateRequests.createdAt,
  requesterName: users.name,
};

/** What the organization has asked for, latest first, with the answers. */
export async function rateRequestsOf(ctx: OrganizationContext): Promise<RateRequestView[]> {
  authorize(ctx.actor, "rates.request");
  return ctx.db
    .select(requestColumns)
    .from(rateRequests)
    .innerJoin(users, eq(users.id, rateRequests.userId))
    .where(eq(rateRequests.organizationId, ctx.organizationId))
    .orderBy(desc(rateRequests.id))
    .limit(50);
}

/** The tighter limits the workspace has set for itself, one for each model and one for the others. */
export async function workspaceRates(ctx: Context): Promise<WorkspaceRates[]> {
  authorize(ctx.actor, "limits.read");
  return ctx.db
    .select({
      id: rateOverrides.id,
      model: rateOverrides.model,
      requestsPerSecond: rateOverrides.requestsPerSecond,
      tokensPerMinute: rateOverrides.tokensPerMinute,
      tokensPerMonth: rateOverrides.tokensPerMonth,
      createdAt: rateOverrides.createdAt,
    })
    .from(rateOverrides)
    .where(
      and(
        eq(rateOverrides.organizationId, ctx.organizationId),
        eq(rateOverrides.workspaceId, ctx.workspaceId),
        eq(rateOverrides.source, "workspace"),
        isNull(rateOverrides.endedAt),
        or(isNull(rateOverrides.expiresAt), gt(rateOverrides.expiresAt, ctx.now)),
      ),
    )
    .orderBy(rateOverrides.model);
}
