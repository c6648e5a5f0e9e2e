import { and, eq, isNull, ne } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { departures, groupMembers, members, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { MemberRole, WorkspaceRole } from "#lib/core/access/roles.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type Context, inWorkspace, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { passOnOrphans } from "#lib/domain/agents/sharing/commands.ts";
import { cancelDeadline } from "#lib/domain/deadlines/commands.ts";
import { memberInput, rolesInput } from "#lib/domain/members/input.ts";
import { removedLetter } from "#lib/domain/members/letters.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { leavesNoAdmin } from "#lib/domain/members/rules.ts";
import type { MemberView } from "#lib/domain/members/view.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { conversationDays } from "./rules.ts";

/** Changes what a person is in the organization; from their next request on. */
export const setRoles = command({
  can: "members.write",
  within: "organization",
  input: rolesInput,
  run: async (ctx, { user: id, roles }): Promise<MemberView> => {
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const before = await memberOf(ctx, id);
      await refuseNoAdmin(ctx, id, roles);
      if (before.roles.join() !== roles.join()) {
        await ctx.db.update(members).set({ roles }).where(membership(ctx, id));
        const object = { type: "user", id };
        await writeAudit(ctx, {
          action: "member.set-roles",
          object,
          before: { roles: before.roles },
          after: { roles },
        });
        await passOnOrphans(ctx);
      }
      return memberOf(ctx, id);
    });
  },
});

const membership = (ctx: OrganizationContext, id: Id<"user">) =>
  and(eq(members.organizationId, ctx.organizationId), eq(members.userId, id));

/** The organization is locked by now: of two admins who leave at the same instant, one is the last. */
async function refuseNoAdmin(ctx: OrganizationContext, id: Id<"user">, becoming: MemberRole[]): Promise<void> {
  const everybody = await ctx.db
    .select({ userId: members.userId, roles: members.roles })
    .from(members)
    .where(eq(members.organizationId, ctx.organizationId));
  if (!leavesNoAdmin(everybody, id, becoming)) return;
  throw new AppError(
    "conflict",
    "The organization would be left without an admin. Make somebody else an organization admin first.",
    { code: "last_admin" },
  );
}

/** Changes what a person is in the workspace of the context, of their own; without any role they are not in it any more. */
export const setWorkspaceRoles = command({
  can: "workspace.write-members",
  within: "workspace",
  run: async (ctx, id: Id<"user">, roles: WorkspaceRole[]): Promise<MemberView> => {
    return transaction(ctx, async (ctx) => {
      const { organizationId, workspaceId } = ctx;
      await lockOrganization(ctx);
      await memberOf(ctx, id);
      await refuseArchived(ctx);
      const own = ownPlace(ctx, id);
      const [before] = await ctx.db.select({ roles: workspaceMembers.roles }).from(workspaceMembers).where(own);
      if (roles.length === 0) {
        await ctx.db.delete(workspaceMembers).where(own);
      } else {
        await ctx.db
          .insert(workspaceMembers)
          .values({ organizationId, workspaceId, userId: id, roles, createdAt: ctx.now })
          .onConflictDoUpdate({
            target: [workspaceMembers.organizationId, workspaceMembers.workspaceId, workspaceMembers.userId],
            set: { roles },
          });
      }
      const object = { type: "user", id };
      const change = { before: { roles: before?.roles ?? [] }, after: { roles } };
      await writeAudit(ctx, { action: "member.set-workspace-roles", object, ...change });
      await passOnOrphans(ctx);
      return memberOf(ctx, id);
    });
  },
});

const ownPlace = ({ organizationId, workspaceId }: Context, id: Id<"user">) =>
  and(
    eq(workspaceMembers.organizationId, organizationId),
    eq(workspaceMembers.workspaceId, workspaceId),
    eq(workspaceMembers.userId, id),
  );

/** Lets a person in. What they are there already is not overwritten by somebody who did not see it. */
export const addToWorkspace = command({
  can: "workspace.write-members",
  within: "workspace",
  run: async (ctx, id: Id<"user">, roles: WorkspaceRole[]): Promise<MemberView> => {
    return transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      if ((await ctx.db.$count(workspaceMembers, ownPlace(ctx, id))) > 0) {
        throw new AppError("conflict", "This person is in the workspace already. Change their role on their own page.");
      }
      return setWorkspaceRoles(ctx, id, roles);
    });
  },
});

async function refuseArchived(ctx: Context): Promise<void> {
  const [open] = await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(
      and(
        eq(workspaces.organizationId, ctx.organizationId),
        eq(workspaces.id, ctx.workspaceId),
        isNull(workspaces.archivedAt),
      ),
    );
  if (!open) throw new AppError("not_found", "There is no such workspace in this organization, or it is archived.");
}

export type Removed = { userId: Id<"user">; keys: number };

/** Ends a person's membership: their keys are refused in under a second, and they are out on their next request. */
export const removeMember = command({
  can: "members.write",
  within: "organization",
  input: memberInput,
  stepUp: "member.remove",
  run: async (ctx, { user: id }): Promise<Removed> => {
    return end(ctx, id, "member.remove");
  },
});

/** A person who is signed in leaves the organization. */
export const leaveOrganization = command({
  can: "members.read",
  within: "organization",
  run: async (ctx): Promise<Removed> => {
    return end(ctx, personOf(ctx.actor).id, "member.leave");
  },
});

function end(ctx: OrganizationContext, id: Id<"user">, action: "member.remove" | "member.leave"): Promise<Removed> {
  return transaction(ctx, async (ctx) => {
    const { name: organization } = await lockOrganization(ctx);
    const { name, email, roles, workspaces: places } = await memberOf(ctx, id);
    await refuseNoAdmin(ctx, id, []);
    const teams = await ctx.db
      .select({ groupId: groupMembers.groupId })
      .from(groupMembers)
      .where(and(eq(groupMembers.organizationId, ctx.organizationId), eq(groupMembers.userId, id)));
    const ended = await endKeys(ctx, id);
    await ctx.db.delete(members).where(membership(ctx, id));
    const left = { organizationId: ctx.organizationId, userId: id, leftAt: ctx.now };
    await ctx.db
      .insert(departures)
      .values(left)
      .onConflictDoUpdate({ target: [departures.organizationId, departures.userId], set: { leftAt: ctx.now } });
    const heirs = await passOnOrphans(ctx);
    await writeAudit(ctx, {
      action,
      object: { type: "user", id },
      before: {
        email,
        roles,
        workspaces: places.map((place) => ({ id: place.id, roles: place.own })),
        groups: teams.map(({ groupId }) => groupId),
      },
      after: { keysRevoked: ended, heirs, conversationsGoAt: addDays(ctx.now, conversationDays) },
      clause: "T-4.3-SHARE3",
    });
    await publishWebhookEvent(ctx, "member.left", {
      user_id: id,
      email,
      reason: action === "member.remove" ? "removed" : "left",
    });
    if (action === "member.remove")
      await post(ctx, removedLetter({ name, email }, { id: ctx.organizationId, name: organization }));
    return { userId: id, keys: ended };
  });
}

/** A key acts for its owner, the playground's too, so none outlives the membership but the workspace's own. */
async function endKeys(ctx: OrganizationContext, ownerId: Id<"user">): Promise<number> {
  const ended = await ctx.db
    .update(keys)
    .set({ revokedAt: ctx.now, revokedReason: "revoked" })
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.ownerId, ownerId),
        ne(keys.purpose, "service"),
        isNull(keys.revokedAt),
      ),
    )
    .returning({ id: keys.id, name: keys.name, workspaceId: keys.workspaceId, purpose: keys.purpose });
  for (const { id } of ended) await cancelDeadline(ctx, "key.expiry", id);
  const made = ended.filter(({ purpose }) => purpose === "api");
  for (const { id, name, workspaceId } of made) {
    const after = { revokedAt: ctx.now, because: "owner left" };
    const object = { type: "key", id };
    const inside = inWorkspace(ctx, workspaceId);
    await writeAudit(inside, { action: "api_key.revoke", object, after, clause: "T-4.2.1-KEY2" });
    await publishWebhookEvent(inside, "api_key.revoked", {
      key_id: id,
      name,
      workspace_id: workspaceId,
      reason: "owner_left",
    });
  }
  return made.length;
}
