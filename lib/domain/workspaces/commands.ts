import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inWorkspace, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { createWorkspaceInput, workspaceInput } from "./input.ts";
import { archiveEffect, workspaceOf } from "./queries.ts";
import type { WorkspaceView } from "./view.ts";

/** A person who makes a workspace runs it; the operator, who is no one's member, leaves it to the organization's admins. */
export const createWorkspace = command({
  can: "workspaces.write",
  within: "organization",
  input: createWorkspaceInput,
  run: async (ctx, { name }): Promise<WorkspaceView> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId, now: createdAt } = ctx;
      await lockOrganization(ctx);
      await refuseTaken(ctx, name);
      const id = newId("workspace", createdAt);
      await ctx.db.insert(workspaces).values({ organizationId, id, name, createdAt });
      if (ctx.actor.kind === "user") {
        const membership = { organizationId, workspaceId: id, userId: ctx.actor.id, createdAt };
        await ctx.db.insert(workspaceMembers).values({ ...membership, roles: ["workspace_admin"] });
      }
      const inside = inWorkspace(ctx, id);
      await writeAudit(inside, { action: "workspace.create", object: { type: "workspace", id }, after: { name } });
      return workspaceOf(ctx, id);
    });
  },
});

/** Two workspaces of one name could not be told apart in the switcher. */
async function refuseTaken(ctx: OrganizationContext, name: string, except?: Id<"workspace">): Promise<void> {
  const [taken] = await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(
      and(
        eq(workspaces.organizationId, ctx.organizationId),
        isNull(workspaces.archivedAt),
        eq(sql`lower(${workspaces.name})`, name.toLowerCase()),
        except && ne(workspaces.id, except),
      ),
    );
  if (!taken) return;
  const fields = { name: ["Another workspace has this name."] };
  throw new AppError("conflict", "Check the marked fields.", { fields });
}

type Row = typeof workspaces.$inferSelect;

async function locked(ctx: OrganizationContext, id: Id<"workspace">): Promise<Row> {
  await lockOrganization(ctx);
  const [row] = await ctx.db
    .select()
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, id)));
  if (!row) throw new AppError("not_found", "There is no such workspace in this organization.");
  return row;
}

async function change(ctx: OrganizationContext, id: Id<"workspace">, set: Partial<Row>): Promise<void> {
  const here = and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, id));
  await ctx.db.update(workspaces).set(set).where(here);
}

/** The workspace of the context gets another name. */
export const renameWorkspace = command({
  can: "workspace.write",
  within: "workspace",
  run: async (ctx, name: string): Promise<WorkspaceView> => {
    return transaction(ctx, async (ctx) => {
      const { workspaceId: id } = ctx;
      const before = await locked(ctx, id);
      if (before.archivedAt) throw new AppError("not_found", "This workspace is archived.");
      if (before.name !== name) {
        await refuseTaken(ctx, name, id);
        await change(ctx, id, { name });
        const names = { before: { name: before.name }, after: { name } };
        await writeAudit(ctx, { action: "workspace.rename", object: { type: "workspace", id }, ...names });
      }
      return workspaceOf(ctx, id);
    });
  },
});

/**
 * Who agents of the workspace of the context are shared with when they are made: everyone there, as the terms say
 * (T-4.3-SHARE2), or no one before their owner shares them. Those that are there stay as they are.
 */
export const setAgentVisibility = command({
  can: "workspace.write",
  within: "workspace",
  run: async (ctx, agentVisibility: Row["agentVisibility"]): Promise<WorkspaceView> => {
    return transaction(ctx, async (ctx) => {
      const { workspaceId: id } = ctx;
      const before = await locked(ctx, id);
      if (before.archivedAt) throw new AppError("not_found", "This workspace is archived.");
      if (before.agentVisibility !== agentVisibility) {
        await change(ctx, id, { agentVisibility });
        await writeAudit(ctx, {
          action: "workspace.set-agent-visibility",
          object: { type: "workspace", id },
          before: { agentVisibility: before.agentVisibility },
          after: { agentVisibility },
          clause: "T-4.3-SHARE2",
        });
      }
      return workspaceOf(ctx, id);
    });
  },
});

/** Closes a workspace: its pages are gone and its keys refused in under a second. Nothing is deleted, so that it can be restored. */
export const archiveWorkspace = command({
  can: "workspaces.write",
  within: "organization",
  input: workspaceInput,
  run: async (ctx, { workspace: id }): Promise<WorkspaceView> => {
    return transaction(ctx, async (ctx) => {
      const before = await locked(ctx, id);
      if (before.isDefault) {
        throw new AppError("conflict", "The default workspace cannot be archived: an organization always has one.", {
          code: "default_workspace",
        });
      }
      if (!before.archivedAt) {
        const stopped = await archiveEffect(ctx, id);
        await change(ctx, id, { archivedAt: ctx.now });
        const object = { type: "workspace", id };
        await writeAudit(inWorkspace(ctx, id), { action: "workspace.archive", object, after: { stopped } });
      }
      return workspaceOf(ctx, id);
    });
  },
});

/** Everything is as it was: keys that were not revoked work again. */
export const restoreWorkspace = command({
  can: "workspaces.write",
  within: "organization",
  input: workspaceInput,
  run: async (ctx, { workspace: id }): Promise<WorkspaceView> => {
    return transaction(ctx, async (ctx) => {
      const before = await locked(ctx, id);
      if (before.archivedAt) {
        await refuseTaken(ctx, before.name, id);
        await change(ctx, id, { archivedAt: null });
        await writeAudit(inWorkspace(ctx, id), { action: "workspace.restore", object: { type: "workspace", id } });
      }
      return workspaceOf(ctx, id);
    });
  },
});
