import { and, desc, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { zeroRetentionRequests, zeroRetentionStepRows } from "#db/schema/zero-retention.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openReason, openWords } from "./changes/rules.ts";
import { nameUnderZeroRetention } from "./plan/commands.ts";
import type { RequestView, Standing, StepView } from "./view.ts";

export const requestColumns = {
  request: zeroRetentionRequests,
  workspaceName: workspaces.name,
  requesterName: users.name,
  steps: sql<
    StepRow[]
  >`(select coalesce(json_agg(json_build_object('step', step, 'attempt', attempt, 'outcome', outcome, 'facts', facts,
      'startedAt', instant_ms(started_at), 'endedAt', instant_ms(ended_at)) order by started_at, attempt), '[]'::json)
    from ${zeroRetentionStepRows} as steps
    where steps.organization_id = ${zeroRetentionRequests.organizationId} and steps.request_id = ${zeroRetentionRequests.id})`,
};

/** As the database spells it: instants in milliseconds. */
type StepRow = Omit<StepView, "startedAt" | "endedAt"> & { startedAt: number; endedAt: number | null };

type Row = {
  request: typeof zeroRetentionRequests.$inferSelect;
  workspaceName: string | null;
  requesterName: string;
  steps: StepRow[];
};

/** A request as a person may see it: without what was written, where it is not for them. */
export function viewOf({ request, workspaceName, requesterName, steps }: Row, isOpen: boolean): RequestView {
  const said = isOpen ? openWords(request) : undefined;
  const { firstApprover, approver, words: _, decidedReason: __, ...plain } = request;
  return {
    ...plain,
    workspaceName,
    requesterName,
    words: said?.words ?? null,
    messages: (said?.messages ?? []).map(({ at, ...rest }) => ({ ...rest, at: new Date(at) })),
    hasFirstApproval: firstApprover !== null && approver === null,
    decidedReason: isOpen ? openReason(request) : null,
    steps: steps.map(({ startedAt, endedAt, ...step }) => ({
      ...step,
      startedAt: new Date(startedAt),
      endedAt: endedAt === null ? null : new Date(endedAt),
    })),
  };
}

/** Every request of the organization, the latest first, with what was done about it. */
export async function zeroRetentionRequestsOf(ctx: OrganizationContext): Promise<RequestView[]> {
  authorize(ctx.actor, "privacy.read");
  const rows = await ctx.db
    .select(requestColumns)
    .from(zeroRetentionRequests)
    .innerJoin(users, eq(users.id, zeroRetentionRequests.userId))
    .leftJoin(
      workspaces,
      and(
        eq(workspaces.organizationId, zeroRetentionRequests.organizationId),
        eq(workspaces.id, zeroRetentionRequests.workspaceId),
      ),
    )
    .where(eq(zeroRetentionRequests.organizationId, ctx.organizationId))
    .orderBy(desc(zeroRetentionRequests.createdAt), desc(zeroRetentionRequests.id))
    .limit(50);
  const isOpen = can(ctx.actor, "zero-retention.request");
  return rows.map((row) => viewOf(row, isOpen));
}

/** Whether anything of this workspace is kept: what the gate and the database go by. */
export async function zeroRetentionStanding(ctx: Context): Promise<Standing> {
  authorize(ctx.actor, "organization.read");
  const [row] = await ctx.db
    .select({
      organization: organizations.zeroRetentionSince,
      workspace: workspaces.zeroRetentionSince,
      isOrdered: sql<boolean>`ordered_zero_retention(${organizations.id})`,
    })
    .from(organizations)
    .innerJoin(workspaces, eq(workspaces.organizationId, organizations.id))
    .where(and(eq(organizations.id, ctx.organizationId), eq(workspaces.id, ctx.workspaceId)));
  if (!row) throw new AppError("not_found", "This workspace is gone.");
  if (row.organization) return { isInForce: true, since: row.organization, by: "organization" };
  if (row.workspace) return { isInForce: true, since: row.workspace, by: "workspace" };
  return row.isOrdered ? { isInForce: true, since: null, by: "order" } : { isInForce: false, since: null, by: null };
}

/** What a person types who ends zero retention with the paid plan; null where there is none. */
export async function nameToType(ctx: OrganizationContext): Promise<string | null> {
  authorize(ctx.actor, "billing.read");
  return nameUnderZeroRetention(ctx);
}
