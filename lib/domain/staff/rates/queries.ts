import { and, asc, desc, eq, gt, isNull, ne, or } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { rateOverrides, rateRequests } from "#db/schema/rates.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { requestColumns } from "#lib/domain/rates/queries.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import type { DeskRequest, OverrideInForce, SeenRequest } from "./view.ts";

// What the request shows and no more: staff need nothing else of the customer's to decide.
const shown = {
  ...requestColumns,
  organizationId: rateRequests.organizationId,
  organizationName: organizations.name,
};

const select = (ctx: AccountContext) =>
  ctx.db
    .select({ ...shown, plan: planColumn(ctx.now) })
    .from(rateRequests)
    .innerJoin(organizations, eq(organizations.id, rateRequests.organizationId))
    .innerJoin(users, eq(users.id, rateRequests.userId))
    .$dynamic();

/** Requests that wait for a decision, the oldest first. */
export async function openRateRequests(ctx: AccountContext): Promise<SeenRequest[]> {
  authorize(ctx.actor, "rates.decide");
  const open = eq(rateRequests.state, "submitted");
  return underLooks(ctx, await select(ctx).where(open).orderBy(asc(rateRequests.createdAt)).limit(100));
}

/** The last requests that were decided or withdrawn. */
export async function closedRateRequests(ctx: AccountContext): Promise<SeenRequest[]> {
  authorize(ctx.actor, "rates.decide");
  const closed = ne(rateRequests.state, "submitted");
  return underLooks(ctx, await select(ctx).where(closed).orderBy(desc(rateRequests.id)).limit(20));
}

async function underLooks(ctx: AccountContext, requests: DeskRequest[]): Promise<SeenRequest[]> {
  const open = new Set((await openLooks(ctx)).map(({ organizationId }) => organizationId));
  const seen: SeenRequest[] = [];
  for (const request of requests) {
    const isHidden = ctx.actor.kind === "staff" && !open.has(request.organizationId);
    if (!isHidden) await lookAt(ctx, request.organizationId, { type: "rateRequest", id: request.id });
    seen.push({ ...request, isHidden, ...(isHidden && { useCase: "", requesterName: "", answer: null }) });
  }
  return seen;
}

/** What staff and purchase orders have set and what still holds, the latest first. */
export async function overridesInForce(ctx: AccountContext): Promise<OverrideInForce[]> {
  authorize(ctx.actor, "rates.decide");
  return ctx.db
    .select({
      id: rateOverrides.id,
      organizationId: rateOverrides.organizationId,
      organizationName: organizations.name,
      workspaceId: rateOverrides.workspaceId,
      model: rateOverrides.model,
      requestsPerSecond: rateOverrides.requestsPerSecond,
      tokensPerMinute: rateOverrides.tokensPerMinute,
      tokensPerMonth: rateOverrides.tokensPerMonth,
      source: rateOverrides.source,
      reference: rateOverrides.reference,
      reason: rateOverrides.reason,
      expiresAt: rateOverrides.expiresAt,
      createdAt: rateOverrides.createdAt,
    })
    .from(rateOverrides)
    .innerJoin(organizations, eq(organizations.id, rateOverrides.organizationId))
    .where(
      and(
        ne(rateOverrides.source, "workspace"),
        isNull(rateOverrides.endedAt),
        or(isNull(rateOverrides.expiresAt), gt(rateOverrides.expiresAt, ctx.now)),
      ),
    )
    .orderBy(desc(rateOverrides.id))
    .limit(200);
}
