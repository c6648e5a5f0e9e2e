import { and, asc, desc, eq, gt, isNull, ne, or } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { rateOverrides, rateRequests } from "#db/schema/rates.ts";
import { authorize } from "#lib/access/authorize.ts";
import type { AccountContext } from "#lib/context.ts";
import { requestColumns } from "#lib/rates/queries.ts";

// What the request shows and no more: staff need nothing else of the customer's to decide.
const shown = {
  ...requestColumns,
  organizationId: rateRequests.organizationId,
  organizationName: organizations.name,
  plan: organizations.plan,
};

const select = (ctx: AccountContext) =>
  ctx.db
    .select(shown)
    .from(rateRequests)
    .innerJoin(organizations, eq(organizations.id, rateRequests.organizationId))
    .innerJoin(users, eq(users.id, rateRequests.userId))
    .$dynamic();

export type DeskRequest = Awaited<ReturnType<typeof select>>[number];

/** Requests that wait for a decision, the oldest first. */
export async function openRateRequests(ctx: AccountContext): Promise<DeskRequest[]> {
  authorize(ctx.actor, "rates.decide");
  return select(ctx).where(eq(rateRequests.state, "submitted")).orderBy(asc(rateRequests.createdAt)).limit(100);
}

/** The last requests that were decided or withdrawn. */
export async function closedRateRequests(ctx: AccountContext): Promise<DeskRequest[]> {
  authorize(ctx.actor, "rates.decide");
  return select(ctx).where(ne(rateRequests.state, "submitted")).orderBy(desc(rateRequests.id)).limit(20);
}

export type OverrideInForce = Pick<
  typeof rateOverrides.$inferSelect,
  | "id"
  | "organizationId"
  | "workspaceId"
  | "model"
  | "requestsPerSecond"
  | "tokensPerMinute"
  | "tokensPerMonth"
  | "source"
  | "reference"
  | "reason"
  | "expiresAt"
  | "createdAt"
> & { organizationName: string };

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
