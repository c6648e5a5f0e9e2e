import { and, asc, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { agentGrants, agents } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { members, workspaces } from "#db/schema/organizations.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, inWorkspace, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { agentsPassedOnLetter } from "#lib/domain/agents/letters.ts";
import { agentOf, here } from "#lib/domain/agents/queries.ts";
import { membersIn } from "#lib/domain/members/queries.ts";
import { heirOf } from "#lib/domain/members/rules.ts";
import { lockOrganization } from "#lib/domain/organizations/commands.ts";
import { refuseStrangers, refuseWithoutSharing } from "#lib/domain/sharing/rules.ts";
import { personInput, sharingInput } from "./input.ts";
import { sharingOf } from "./queries.ts";

/**
 * Says who may use an agent, beside its owner and the admins: everyone in the workspace, or those who are named, and what
 * those named may do beyond that (T-4.3-SHARE2, T-4.3-SHARE3). From the next request on.
 */
export const setSharing = command({
  can: "agents.write",
  within: "workspace",
  input: sharingInput,
  run: async (ctx, { agent: id, visibility, grants }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const before = await sharingOf(ctx, id);
      refuseWithoutSharing("agents", before);
      refuseStrangers(before, before.agent, grants);
      const { organizationId, now } = ctx;
      const own = and(eq(agentGrants.organizationId, organizationId), eq(agentGrants.agentId, id));
      const kept = new Map(before.agent.grants.map(({ subjectId, level }) => [subjectId, level]));
      await ctx.db.update(agents).set({ visibility, updatedAt: now }).where(here(ctx, id));
      await ctx.db.delete(agentGrants).where(own);
      const rows = grants.map((grant) => ({ organizationId, agentId: id, ...grant, createdAt: now }));
      if (rows.length > 0) await ctx.db.insert(agentGrants).values(rows);
      await writeAudit(ctx, {
        action: "agent.share",
        object: { type: "agent", id },
        before: { visibility: before.agent.visibility, grants: Object.fromEntries(kept) },
        after: { visibility, grants: Object.fromEntries(grants.map(({ subjectId, level }) => [subjectId, level])) },
        clause: visibility === "workspace" ? "T-4.3-SHARE2" : "T-4.3-SHARE3",
      });
    });
  },
});

/** Gives an agent to another person; who owned it keeps the right to manage it. */
export const passOwnership = command({
  can: "agents.write",
  within: "workspace",
  input: personInput,
  run: async (ctx, { agent: id, user: userId }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      await lockOrganization(ctx);
      const agent = await agentOf(ctx, id, "manage");
      if (agent.ownerId === userId) throw new AppError("conflict", `${agent.ownerName} owns ${agent.name} already.`);
      const heir = (await membersIn(ctx, ctx.workspaceId)).find((member) => member.id === userId);
      if (!heir || !mayOwn([...heir.roles, ...heir.workspaceRoles])) {
        const message = "Choose somebody who may build agents in this workspace.";
        throw new AppError("invalid", message, { fields: { user: [message] } });
      }
      await give(ctx, [agent], userId);
      const former = { subjectKind: "user" as const, subjectId: agent.ownerId, level: "manage" as const };
      const grant = { organizationId: ctx.organizationId, agentId: id, ...former, createdAt: ctx.now };
      await ctx.db
        .insert(agentGrants)
        .values(grant)
        .onConflictDoUpdate({
          target: [agentGrants.organizationId, agentGrants.agentId, agentGrants.subjectId],
          set: { level: "manage" },
        });
      if (userId !== ctx.actor.id) await tell(ctx, heir, { agents: [agent], from: agent.ownerName });
    });
  },
});

const mayOwn = (roles: readonly string[]): boolean => permissionsOf(rolePermissions, roles).has("agents.write");

type Owned = Pick<typeof agents.$inferSelect, "id" | "name" | "handle" | "ownerId">;

async function give(ctx: Context, owned: readonly Owned[], ownerId: Id<"user">): Promise<void> {
  for (const { id, ownerId: formerId } of owned) {
    await ctx.db.update(agents).set({ ownerId, updatedAt: ctx.now }).where(here(ctx, id));
    // An owner is never among those it is shared with.
    const own = and(eq(agentGrants.organizationId, ctx.organizationId), eq(agentGrants.agentId, id));
    await ctx.db.delete(agentGrants).where(and(own, eq(agentGrants.subjectId, ownerId)));
    const owners = { before: { ownerId: formerId }, after: { ownerId } };
    await writeAudit(ctx, {
      action: "agent.pass-on",
      object: { type: "agent", id },
      ...owners,
      clause: "T-4.3-SHARE3",
    });
  }
}

export type Heir = { workspaceId: Id<"workspace">; userId: Id<"user"> };
type Orphan = { workspaceId: Id<"workspace">; ownerId: Id<"user"> };

/**
 * Passes what belongs to a person who may not build in its workspace any more to an admin there: agents, with a letter, and
 * the care of service keys. A part of whatever changes who is in an organization and as what, in its transaction.
 */
export const passOnOrphans = command({
  can: "organization.read",
  within: "organization",
  run: async (ctx): Promise<Heir[]> => {
    const heirs: Heir[] = [];
    for (const orphan of await orphansOf(ctx)) {
      const rows = await membersIn(ctx, orphan.workspaceId);
      const candidates = rows.map(({ id: userId, ...row }) => ({ ...row, userId }));
      const userId = heirOf(candidates, orphan.ownerId);
      const heir = rows.find(({ id }) => id === userId);
      if (!heir) continue;
      await inherit(inWorkspace(ctx, orphan.workspaceId), orphan, heir);
      heirs.push({ workspaceId: orphan.workspaceId, userId: heir.id });
    }
    return heirs;
  },
});

/** Owners of agents and service keys who are not what they were in the workspace. */
async function orphansOf(ctx: OrganizationContext): Promise<Orphan[]> {
  const owners = ctx.db
    .selectDistinct({ workspaceId: agents.workspaceId, ownerId: agents.ownerId })
    .from(agents)
    .where(eq(agents.organizationId, ctx.organizationId));
  const keepers = ctx.db
    .selectDistinct({ workspaceId: keys.workspaceId, ownerId: keys.ownerId })
    .from(keys)
    .where(and(eq(keys.organizationId, ctx.organizationId), eq(keys.purpose, "service")));
  const owned = owners.union(keepers).as("owned");
  const rows = await ctx.db
    .select({
      workspaceId: owned.workspaceId,
      ownerId: owned.ownerId,
      roles: members.roles,
      places: sql<string[]>`workspace_roles(${ctx.organizationId}, ${owned.workspaceId}, ${owned.ownerId})`,
    })
    .from(owned)
    .leftJoin(members, and(eq(members.organizationId, ctx.organizationId), eq(members.userId, owned.ownerId)))
    .orderBy(asc(owned.workspaceId), asc(owned.ownerId));
  return rows.filter(({ roles, places }) => !mayOwn(roles ? [...roles, ...places] : []));
}

async function inherit(
  ctx: Context,
  { ownerId }: Orphan,
  heir: { id: Id<"user">; name: string; email: string },
): Promise<void> {
  const owned = await ctx.db
    .select({ id: agents.id, name: agents.name, handle: agents.handle, ownerId: agents.ownerId })
    .from(agents)
    .where(and(here(ctx), eq(agents.ownerId, ownerId)))
    .orderBy(asc(agents.id));
  await give(ctx, owned, heir.id);
  await inheritKeys(ctx, ownerId, heir.id);
  if (owned.length === 0) return;
  const [former] = await ctx.db.select({ name: users.name }).from(users).where(eq(users.id, ownerId));
  await tell(ctx, heir, { agents: owned, from: former?.name ?? "somebody who left" });
}

async function tell(
  ctx: Context,
  to: { name: string; email: string },
  passed: { agents: readonly Owned[]; from: string },
): Promise<void> {
  const [place] = await ctx.db
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, ctx.workspaceId)));
  const { organizationId, workspaceId } = ctx;
  await post(ctx, agentsPassedOnLetter(to, { ...passed, organizationId, workspaceId, placeName: place?.name ?? "" }));
}

async function inheritKeys(ctx: Context, formerId: Id<"user">, ownerId: Id<"user">): Promise<void> {
  const passed = await ctx.db
    .update(keys)
    .set({ ownerId })
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.workspaceId, ctx.workspaceId),
        eq(keys.ownerId, formerId),
        eq(keys.purpose, "service"),
      ),
    )
    .returning({ id: keys.id });
  for (const { id } of passed) {
    const owners = { before: { ownerId: formerId }, after: { ownerId } };
    await writeAudit(ctx, { action: "api_key.pass-on", object: { type: "key", id }, ...owners });
  }
}
