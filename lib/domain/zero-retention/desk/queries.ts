import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { members, organizations, workspaces } from "#db/schema/organizations.ts";
import { zeroRetentionRequests } from "#db/schema/zero-retention.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import { requestColumns, viewOf } from "#lib/domain/zero-retention/queries.ts";
import { finalStates, reviewProblem } from "#lib/domain/zero-retention/rules.ts";
import type { DeskRequest } from "./view.ts";

const claimers = alias(users, "claimers");

const select = (ctx: AccountContext) =>
  ctx.db
    .select({
      ...requestColumns,
      organizationId: organizations.id,
      organizationName: organizations.name,
      plan: planColumn(ctx.now),
      claimedByName: claimers.name,
      isMember: sql<boolean>`exists (select from ${members} where ${members.organizationId} = ${organizations.id} and ${members.userId} = ${ctx.actor.id})`,
    })
    .from(zeroRetentionRequests)
    .innerJoin(organizations, eq(organizations.id, zeroRetentionRequests.organizationId))
    .innerJoin(users, eq(users.id, zeroRetentionRequests.userId))
    .leftJoin(claimers, eq(claimers.id, zeroRetentionRequests.claimedBy))
    .leftJoin(
      workspaces,
      and(
        eq(workspaces.organizationId, zeroRetentionRequests.organizationId),
        eq(workspaces.id, zeroRetentionRequests.workspaceId),
      ),
    )
    .$dynamic();

/** Requests something is left to do about: what is stuck first, then the oldest. */
export async function openZeroRetention(ctx: AccountContext): Promise<DeskRequest[]> {
  authorize(ctx.actor, "zero-retention.decide");
  const busy = inArray(zeroRetentionRequests.state, ["submitted", "in_review", "asked", "approved", "implementing"]);
  const stuckFirst = sql`${zeroRetentionRequests.alarmedAt} is null`;
  return seen(ctx, await select(ctx).where(busy).orderBy(stuckFirst, asc(zeroRetentionRequests.createdAt)).limit(100));
}

/** What is in force, what a check found broken first. */
export async function zeroRetentionInForce(ctx: AccountContext): Promise<DeskRequest[]> {
  authorize(ctx.actor, "zero-retention.decide");
  const inForce = inArray(zeroRetentionRequests.state, ["active", "ending"]);
  const brokenFirst = sql`${zeroRetentionRequests.brokenAt} is null`;
  return seen(
    ctx,
    await select(ctx).where(inForce).orderBy(brokenFirst, desc(zeroRetentionRequests.activeAt)).limit(100),
  );
}

/** The last requests that were denied, withdrawn or ended. */
export async function closedZeroRetention(ctx: AccountContext): Promise<DeskRequest[]> {
  authorize(ctx.actor, "zero-retention.decide");
  const closed = inArray(zeroRetentionRequests.state, [...finalStates]);
  return seen(ctx, await select(ctx).where(closed).orderBy(desc(zeroRetentionRequests.createdAt)).limit(20));
}

/** One request with all that was written and done; opening it is in the customer's audit log. */
export async function deskZeroRetention(ctx: AccountContext, id: Id<"zeroRetention">): Promise<DeskRequest> {
  authorize(ctx.actor, "zero-retention.decide");
  const rows = await select(ctx).where(eq(zeroRetentionRequests.id, id));
  const [found] = await seen(ctx, rows);
  if (!found) throw new AppError("not_found", "There is no such request.");
  if (!found.isHidden) await lookAt(ctx, found.organizationId, { type: "zeroRetention", id });
  return found;
}

type Row = Awaited<ReturnType<typeof select>>[number];

async function seen(ctx: AccountContext, rows: Row[]): Promise<DeskRequest[]> {
  const looks = await openLooks(ctx);
  const open = new Set(looks.map(({ organizationId }) => organizationId));
  return rows.map((row) => {
    const { request, organizationId, organizationName, plan, claimedByName, isMember } = row;
    const isHidden = ctx.actor.kind === "staff" && !open.has(organizationId);
    return {
      ...viewOf({ ...row, requesterName: isHidden ? "" : row.requesterName }, !isHidden),
      organizationId,
      organizationName,
      plan,
      isHidden,
      claimedByName,
      alarmedAt: request.alarmedAt,
      reviewProblem: reviewProblem({ requesterId: request.userId }, { id: ctx.actor.id, isMember }),
    };
  });
}
