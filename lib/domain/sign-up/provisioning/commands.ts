import { and, asc, desc, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { members, organizations, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, inWorkspace, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { proveAddress } from "#lib/domain/account/proof/commands.ts";

export type Provisioned = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; userId: Id<"user"> };

type Wanted = { name: string; ownerEmail: string; plan: "free" | "paid" };

/** Sets up a customer for a person: the owner signs in after a password reset, and accepts the terms then. */
export const provisionOrganization = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { name, ownerEmail, plan }: Wanted): Promise<Provisioned> => {
    return transaction(ctx, async (ctx) => {
      const userId = await provisionUser(ctx, ownerEmail);
      const organizationId = newId("organization", ctx.now);
      const workspaceId = newId("workspace", ctx.now);
      const createdAt = ctx.now;
      await ctx.db
        .insert(organizations)
        .values({ id: organizationId, name, plan, registrationEmail: ownerEmail, createdBy: userId, createdAt });
      await ctx.db
        .insert(workspaces)
        .values({ organizationId, id: workspaceId, name: "Default", isDefault: true, createdAt });
      await ctx.db.insert(members).values({ organizationId, userId, roles: ["organization_admin"], createdAt });
      await ctx.db
        .insert(workspaceMembers)
        .values({ organizationId, workspaceId, userId, roles: ["workspace_admin"], createdAt });
      await writeAudit(inWorkspace(inOrganization(ctx, organizationId), workspaceId), {
        action: "organization.create",
        object: { type: "organization", id: organizationId },
        after: { name, plan, ownerEmail },
      });
      return { organizationId, workspaceId, userId };
    });
  },
});

/**
 * The person with an address, made when there is none; without a password until they set one by letter. A sign-up that
 * nobody confirmed may be a stranger's: what the operator gives goes to the address, and the stranger's password ends.
 */
export const provisionUser = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, email: string): Promise<Id<"user">> => {
    const id = newId("user", ctx.now);
    const name = email.split("@")[0] ?? email;
    await ctx.db
      .insert(users)
      .values({ id, email, name, emailVerifiedAt: ctx.now, createdAt: ctx.now })
      .onConflictDoNothing();
    const [found] = await ctx.db
      .select({ id: users.id })
      .from(users)
      .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
    if (!found) throw new AppError("conflict", `The account of ${email} could not be made.`);
    await proveAddress(ctx, found.id, { passwordHash: null });
    return found.id;
  },
});

/**
 * The workspace a command names, with the organization it belongs to and the person it acts for: the founder or, once they
 * run it no more, its longest-serving admin.
 */
export const workspaceById = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, workspaceId: Id<"workspace">): Promise<Provisioned> => {
    const [row] = await ctx.db
      .select({ organizationId: workspaces.organizationId, userId: members.userId })
      .from(workspaces)
      .innerJoin(organizations, eq(organizations.id, workspaces.organizationId))
      .innerJoin(
        members,
        and(eq(members.organizationId, organizations.id), sql`'organization_admin' = any(${members.roles})`),
      )
      .where(eq(workspaces.id, workspaceId))
      .orderBy(desc(eq(members.userId, organizations.createdBy)), asc(members.createdAt))
      .limit(1);
    if (!row) throw new AppError("not_found", `There is no workspace ${workspaceId}.`);
    return { ...row, workspaceId };
  },
});
