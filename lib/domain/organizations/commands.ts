import { and, eq, isNull } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { members, organizations, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { enterOrganization, inOrganization, inWorkspace, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { renameOrganizationInput } from "./input.ts";

export type Home = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };

/** Founds an organization on the free plan, with its default workspace; the person who asks runs both. */
export const createOrganization = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, name: string, customerType: "business" | "consumer" = "business"): Promise<Home> => {
    const { id: userId, email } = personOf(ctx.actor);
    const organizationId = newId("organization", ctx.now);
    const workspaceId = newId("workspace", ctx.now);
    const createdAt = ctx.now;
    await transaction(inWorkspace(inOrganization(ctx, organizationId), workspaceId), async (ctx) => {
      await enterOrganization(ctx, organizationId);
      const organization = { id: organizationId, name, plan: "free" as const, customerType, registrationEmail: email };
      await ctx.db.insert(organizations).values({ ...organization, createdBy: userId, createdAt });
      const workspace = { organizationId, id: workspaceId, name: "Default", isDefault: true };
      await ctx.db.insert(workspaces).values({ ...workspace, createdAt });
      await ctx.db.insert(members).values({ organizationId, userId, roles: ["organization_admin"], createdAt });
      const membership = { organizationId, workspaceId, userId };
      await ctx.db.insert(workspaceMembers).values({ ...membership, roles: ["workspace_admin"], createdAt });
      await writeAudit(ctx, {
        action: "organization.create",
        object: { type: "organization", id: organizationId },
        after: { name, plan: "free", customerType, registrationEmail: email, workspaceId },
        clause: "T-5.1",
      });
    });
    return { organizationId, workspaceId };
  },
});

/**
 * Changes to who is in an organization, and as what, happen one after the other: each sees what the one before left.
 */
export const lockOrganization = command({
  can: "organization.read",
  within: "organization",
  run: async (ctx): Promise<Pick<typeof organizations.$inferSelect, "name">> => {
    const [row] = await ctx.db
      .select({ name: organizations.name })
      .from(organizations)
      .where(eq(organizations.id, ctx.organizationId))
      .for("no key update");
    if (!row) throw new AppError("not_found", "This organization is gone.");
    return row;
  },
});

export const renameOrganization = command({
  can: "organization.write",
  within: "organization",
  input: renameOrganizationInput,
  run: async (ctx, { name }): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const here = eq(organizations.id, ctx.organizationId);
      const [before] = await ctx.db.select({ name: organizations.name }).from(organizations).where(here).for("update");
      if (!before) throw new AppError("not_found", "This organization is gone.");
      if (before.name === name) return;
      await ctx.db.update(organizations).set({ name }).where(here);
      await writeAudit(ctx, {
        action: "organization.rename",
        object: { type: "organization", id: ctx.organizationId },
        before,
        after: { name },
      });
    });
  },
});

/** T-1-EFF: keeps the moment an organization was first used, once. */
export const noteFirstUse = command({
  can: "organization.read",
  within: "organization",
  run: async (ctx): Promise<void> => {
    const unused = and(eq(organizations.id, ctx.organizationId), isNull(organizations.firstUseAt));
    await ctx.db.update(organizations).set({ firstUseAt: ctx.now }).where(unused);
  },
});
