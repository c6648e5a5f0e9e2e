import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { calendars, identities, sessions, staff, tokens, users } from "#db/schema/account.ts";
import { conversations } from "#db/schema/conversations.ts";
import { authenticators, devices, passkeys, pendingSignIns, recoveryCodes } from "#db/schema/factors.ts";
import { mutedNotices } from "#db/schema/notices.ts";
import { members } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  enterOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { leaveOrganization } from "#lib/domain/leaving/commands.ts";
import { myOrganizations } from "#lib/domain/organizations/queries.ts";
import { deleteAccountInput } from "./input.ts";
import { accountDeletedLetter, type Left } from "./letters.ts";

/**
 * Deletes the signed-in person's account. They leave every organization first, so one that only they run has to be given to
 * somebody else or deleted before. What stays is a row without a name, because records go on naming it.
 */
export const deleteAccount = command({
  can: "account.manage",
  within: "account",
  input: deleteAccountInput,
  stepUp: "account.delete",
  run: async (ctx, { email }): Promise<Left> => {
    const person = personOf(ctx.actor);
    if (email !== person.email.toLowerCase()) {
      throw new AppError("invalid", "Check the marked fields.", {
        fields: { email: [`Type your address as it is: ${person.email}`] },
      });
    }
    return transaction(ctx, async (ctx) => {
      const left = await leaveAll(ctx, person.id);
      for (const table of [
        sessions,
        identities,
        tokens,
        calendars,
        staff,
        authenticators,
        passkeys,
        recoveryCodes,
        pendingSignIns,
        devices,
        mutedNotices,
      ])
        await ctx.db.delete(table).where(eq(table.userId, person.id));
      await post(ctx, accountDeletedLetter(person, left, ctx.now));
      const nobody = { email: `${person.id}@deleted.invalid`, name: "Deleted account", passwordHash: null };
      await ctx.db
        .update(users)
        .set({ ...nobody, emailVerifiedAt: null, deletedAt: ctx.now })
        .where(eq(users.id, person.id));
      return left;
    });
  },
});

async function leaveAll(ctx: AccountContext, userId: Id<"user">): Promise<Left> {
  const left = { organizations: 0, keys: 0, conversations: 0 };
  const permissions = new Set([...ctx.actor.permissions, ...permissionsOf(rolePermissions, ["member"])]);
  const member = actingAs(ctx, { ...ctx.actor, permissions });
  for (const { id, name } of await myOrganizations(ctx)) {
    const inside = await enterOrganization(member, id);
    const { keys } = await leave(inside, name);
    const own = and(eq(conversations.organizationId, id), eq(conversations.ownerId, userId));
    const gone = await inside.db.delete(conversations).where(own).returning({ id: conversations.id });
    await writeAudit(inside, {
      action: "account.delete",
      object: { type: "user", id: userId },
      after: { conversations: gone.length },
    });
    left.organizations += 1;
    left.keys += keys;
    left.conversations += gone.length;
  }
  return left;
}

/** One that only this person runs is not left without an admin. */
async function leave(ctx: OrganizationContext, name: string) {
  try {
    return await leaveOrganization(ctx);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "last_admin") throw error;
    const alone = (await ctx.db.$count(members, eq(members.organizationId, ctx.organizationId))) === 1;
    const remedy = alone
      ? "Delete it first, in its settings."
      : "Make somebody else an organization admin, or delete it first.";
    throw new AppError("conflict", `You are the only admin of ${name}. ${remedy}`, { code: "last_admin" });
  }
}
