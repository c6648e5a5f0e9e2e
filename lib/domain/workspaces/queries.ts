import { and, asc, count, countDistinct, desc, eq, gt, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { spendLimits } from "#db/schema/limits.ts";
import { members, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { ArchiveEffect, WorkspaceView } from "./view.ts";

/** Keys that still work. */
export const isLive = (ctx: OrganizationContext): SQL | undefined =>
  and(isNull(keys.revokedAt), or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)));

const peopleIn =
  sql<number>`(select count(*) from ${members} where ${members.organizationId} = ${workspaces.organizationId}
  and ('organization_admin' = any(${members.roles})
    or cardinality(workspace_roles(${workspaces.organizationId}, ${workspaces.id}, ${members.userId})) > 0))`.mapWith(
    Number,
  );

const shown = {
  id: workspaces.id,
  name: workspaces.name,
  isDefault: workspaces.isDefault,
  agentVisibility: workspaces.agentVisibility,
  createdAt: workspaces.createdAt,
  archivedAt: workspaces.archivedAt,
  people: peopleIn,
};

/** Who may archive workspaces sees all of them, archived ones too; everyone else those open to them. */
function visible(ctx: OrganizationContext): SQL | undefined {
  if (can(ctx.actor, "workspaces.write")) return undefined;
  const mine = sql`cardinality(workspace_roles(${workspaces.organizationId}, ${workspaces.id}, ${ctx.actor.id})) > 0`;
  return and(isNull(workspaces.archivedAt), mine);
}

function select(ctx: OrganizationContext, only?: SQL) {
  return ctx.db
    .select({ ...shown, keys: count(keys.id) })
    .from(workspaces)
    .leftJoin(
      keys,
      and(
        eq(keys.organizationId, workspaces.organizationId),
        eq(keys.workspaceId, workspaces.id),
        ne(keys.purpose, "playground"),
        isLive(ctx),
      ),
    )
    .where(and(eq(workspaces.organizationId, ctx.organizationId), visible(ctx), only))
    .groupBy(workspaces.organizationId, workspaces.id)
    .orderBy(desc(workspaces.isDefault), asc(sql`lower(${workspaces.name})`), asc(workspaces.id));
}

/** The organization's workspaces, the default one first. */
export async function workspacesOf(ctx: OrganizationContext): Promise<WorkspaceView[]> {
  authorize(ctx.actor, "organization.read");
  return select(ctx);
}

export async function workspaceOf(ctx: OrganizationContext, id: Id<"workspace">): Promise<WorkspaceView> {
  authorize(ctx.actor, "organization.read");
  const [row] = await select(ctx, eq(workspaces.id, id));
  if (!row) throw new AppError("not_found", "There is no such workspace in this organization.");
  return row;
}

/** What stops when a workspace is archived, for the dialog that asks and the audit row that remains. */
export async function archiveEffect(ctx: OrganizationContext, id: Id<"workspace">): Promise<ArchiveEffect> {
  authorize(ctx.actor, "workspaces.write");
  const { keys: live, people } = await workspaceOf(ctx, id);
  const ofWorkspace = and(eq(keys.organizationId, ctx.organizationId), eq(keys.workspaceId, id));
  const [playgrounds] = await ctx.db
    .select({ open: countDistinct(keys.ownerId) })
    .from(keys)
    .where(and(ofWorkspace, eq(keys.purpose, "playground"), isLive(ctx)));
  const [limits] = await ctx.db
    .select({ set: count() })
    .from(spendLimits)
    .where(
      and(
        eq(spendLimits.organizationId, ctx.organizationId),
        or(
          and(eq(spendLimits.scope, "workspace"), eq(spendLimits.scopeId, id)),
          and(
            eq(spendLimits.scope, "key"),
            sql`${spendLimits.scopeId} in (select ${keys.id} from ${keys} where ${ofWorkspace})`,
          ),
        ),
      ),
    );
  return { keys: live, callers: playgrounds?.open ?? 0, people, limits: limits?.set ?? 0 };
}
