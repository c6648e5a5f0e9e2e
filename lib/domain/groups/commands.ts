import { and, eq, ne, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { groupMembers, groupRoles, groups } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inWorkspace, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { passOnOrphans } from "#lib/domain/agents/sharing/commands.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { workspaceOf } from "#lib/domain/workspaces/queries.ts";
import { createGroupInput, groupInput, groupMemberInput, groupRolesInput, renameGroupInput } from "./input.ts";
import { groupOf } from "./queries.ts";
import type { GroupView } from "./view.ts";

type GroupId = Id<"group">;
const named = (ctx: OrganizationContext, id: GroupId) =>
  and(eq(groups.organizationId, ctx.organizationId), eq(groups.id, id));

async function refuseTaken(ctx: OrganizationContext, name: string, except?: GroupId): Promise<void> {
  const [taken] = await ctx.db
    .select({ id: groups.id })
    .from(groups)
    .where(
      and(
        eq(groups.organizationId, ctx.organizationId),
        eq(sql`lower(${groups.name})`, name.toLowerCase()),
        except && ne(groups.id, except),
      ),
    );
  if (!taken) return;
  throw new AppError("conflict", "Check the marked fields.", { fields: { name: ["Another group has this name."] } });
}

/** A group without people or roles yet. */
export const createGroup = command({
  can: "groups.write",
  within: "organization",
  input: createGroupInput,
  run: async (ctx, { name }): Promise<GroupView> => {
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      await refuseTaken(ctx, name);
      const id = newId("group", ctx.now);
      await ctx.db.insert(groups).values({ organizationId: ctx.organizationId, id, name, createdAt: ctx.now });
      await writeAudit(ctx, { action: "group.create", object: { type: "group", id }, after: { name } });
      return groupOf(ctx, id);
    });
  },
});

export const renameGroup = command({
  can: "groups.write",
  within: "organization",
  input: renameGroupInput,
  run: async (ctx, { group: id, name }): Promise<GroupView> => {
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const before = await groupOf(ctx, id);
      if (before.name === name) return before;
      await refuseTaken(ctx, name, id);
      await ctx.db.update(groups).set({ name }).where(named(ctx, id));
      const names = { before: { name: before.name }, after: { name } };
      await writeAudit(ctx, { action: "group.rename", object: { type: "group", id }, ...names });
      return groupOf(ctx, id);
    });
  },
});

/** Its people keep what they are of their own and through other groups. */
export const removeGroup = command({
  can: "groups.write",
  within: "organization",
  input: groupInput,
  run: async (ctx, { group: id }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const { name, people, grants } = await groupOf(ctx, id);
      await ctx.db.delete(groups).where(named(ctx, id));
      const before = { name, people: people.map((person) => person.id), grants };
      await writeAudit(ctx, { action: "group.remove", object: { type: "group", id }, before });
      await passOnOrphans(ctx);
    });
  },
});

export const addToGroup = command({
  can: "groups.write",
  within: "organization",
  input: groupMemberInput,
  run: async (ctx, { group: id, user: userId }): Promise<GroupView> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      await lockOrganization(ctx);
      await Promise.all([groupOf(ctx, id), memberOf(ctx, userId)]);
      const added = await ctx.db
        .insert(groupMembers)
        .values({ organizationId, groupId: id, userId, createdAt: ctx.now })
        .onConflictDoNothing()
        .returning({ userId: groupMembers.userId });
      if (added.length > 0) {
        await writeAudit(ctx, { action: "group.add", object: { type: "group", id }, after: { userId } });
      }
      return groupOf(ctx, id);
    });
  },
});

export const takeFromGroup = command({
  can: "groups.write",
  within: "organization",
  input: groupMemberInput,
  run: async (ctx, { group: id, user: userId }): Promise<GroupView> => {
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      await groupOf(ctx, id);
      const taken = await ctx.db
        .delete(groupMembers)
        .where(
          and(
            eq(groupMembers.organizationId, ctx.organizationId),
            eq(groupMembers.groupId, id),
            eq(groupMembers.userId, userId),
          ),
        )
        .returning({ userId: groupMembers.userId });
      if (taken.length > 0) {
        await writeAudit(ctx, { action: "group.take", object: { type: "group", id }, before: { userId } });
        await passOnOrphans(ctx);
      }
      return groupOf(ctx, id);
    });
  },
});

/** What everyone in the group is in a workspace; without any role the group brings no one into it. */
export const setGroupRoles = command({
  can: "groups.write",
  within: "organization",
  input: groupRolesInput,
  run: async (ctx, { group: id, workspace: workspaceId, roles }): Promise<GroupView> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      await lockOrganization(ctx);
      const { grants } = await groupOf(ctx, id);
      const { archivedAt } = await workspaceOf(ctx, workspaceId);
      if (archivedAt) throw new AppError("not_found", "This workspace is archived.");
      const place = and(
        eq(groupRoles.organizationId, organizationId),
        eq(groupRoles.groupId, id),
        eq(groupRoles.workspaceId, workspaceId),
      );
      if (roles.length === 0) await ctx.db.delete(groupRoles).where(place);
      else
        await ctx.db
          .insert(groupRoles)
          .values({ organizationId, groupId: id, workspaceId, roles })
          .onConflictDoUpdate({
            target: [groupRoles.organizationId, groupRoles.groupId, groupRoles.workspaceId],
            set: { roles },
          });
      const before = grants.find((grant) => grant.workspaceId === workspaceId)?.roles ?? [];
      const inside = inWorkspace(ctx, workspaceId);
      const change = { before: { roles: before }, after: { roles } };
      await writeAudit(inside, { action: "group.set-roles", object: { type: "group", id }, ...change });
      await passOnOrphans(ctx);
      return groupOf(ctx, id);
    });
  },
});
