import { eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, actingAs, inOrganization, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { hashPassword } from "#lib/core/password.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { passwordProblem } from "#lib/domain/account/passwords/rules.ts";
import { proveAddress } from "#lib/domain/account/proof/commands.ts";
import { acceptInvitation } from "#lib/domain/invitations/commands.ts";
import { type Invited, invitationBehind } from "#lib/domain/invitations/queries.ts";
import { agree } from "#lib/domain/terms/commands.ts";
import { joinInput } from "./input.ts";

type User = typeof users.$inferSelect;
export type JoinedAccount = { userId: Id<"user">; organizationId: Id<"organization"> };

/**
 * Opens an account for the person who holds an invitation's link, joins with it and agrees to the terms. The letter went to the
 * address, so it is confirmed. An account that waits for its confirmation may have been opened by a stranger: as with
 * the letter that confirms, its password goes.
 */
export const joinWithNewAccount = command({
  can: "account.open",
  within: "account",
  input: joinInput,
  run: async (ctx, input): Promise<JoinedAccount> => {
    await spendAttempt(ctx, "token:address", addressBlock(ctx.origin.address));
    const invited = await invitationBehind(ctx, input.token);
    refuseOwn(input.password, invited.email);
    const passwordHash = await hashPassword(input.password);
    return transaction(ctx, async (ctx) => {
      const user = await openAccount(ctx, invited.email, input.name, passwordHash);
      const joining = actingAs(ctx, newcomer(user, invited));
      const organizationId = await acceptInvitation(joining, input.token);
      await agree(inOrganization(joining, organizationId), input);
      return { userId: user.id, organizationId };
    });
  },
});

function refuseOwn(password: string, email: string): void {
  const problem = passwordProblem(password, [email]);
  if (problem) throw new AppError("invalid", "Check the marked fields.", { fields: { password: [problem] } });
}

async function openAccount(ctx: AccountContext, email: string, name: string, passwordHash: string): Promise<User> {
  const draft = { id: newId("user", ctx.now), email, name, passwordHash, emailVerifiedAt: ctx.now, createdAt: ctx.now };
  const [created] = await ctx.db.insert(users).values(draft).onConflictDoNothing().returning();
  if (created) return created;
  const [waiting] = await ctx.db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
    .for("update");
  if (!waiting || waiting.emailVerifiedAt) {
    throw new AppError("conflict", `${email} has an account. Sign in with it, and then accept the invitation.`, {
      code: "account_exists",
    });
  }
  await proveAddress(ctx, waiting.id, { passwordHash, name });
  return { ...waiting, name };
}

/** The person a join makes, who acts before any browser of theirs is signed in. */
function newcomer({ id, name, email }: User, { roles }: Invited): Actor {
  const permissions = new Set([
    ...permissionsOf(rolePermissions, ["member", ...roles]),
    "account.open" as const,
    "account.manage" as const,
  ]);
  return { kind: "user", id, name, email, sessionId: "ses_none", permissions };
}
