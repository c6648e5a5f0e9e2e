import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { passwordMatches } from "#lib/core/password.ts";
import { forgiveAttempts, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { takeAppCode } from "#lib/domain/account/authenticators/commands.ts";
import { askForPasskey, holderOf, takePasskey } from "#lib/domain/account/passkeys/commands.ts";
import type { Site } from "#lib/domain/account/passkeys/rules.ts";

/** Shows again who is behind this browser, by password. */
export async function proveByPassword(ctx: AccountContext, password: string): Promise<void> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  await spendAttempt(ctx, "step-up:account", id);
  const [user] = await ctx.db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, id));
  if (!(await passwordMatches(password, user?.passwordHash))) throw wrong("password", "This is not your password.");
  await proven(ctx);
}

/** By a code of an app. */
export async function proveByCode(ctx: AccountContext, code: string): Promise<void> {
  authorize(ctx.actor, "account.manage");
  const { id } = personOf(ctx.actor);
  await spendAttempt(ctx, "second-factor-day:account", id);
  await spendAttempt(ctx, "step-up:account", id);
  if (!(await takeAppCode(ctx, id, code))) {
    throw wrong("code", "This code is wrong, or was used already. Wait for the next.");
  }
  await forgiveAttempts(ctx, "second-factor-day:account", id);
  await proven(ctx);
}

/** By a passkey of one's own. */
export async function askForProof(ctx: AccountContext, site: Site) {
  authorize(ctx.actor, "account.manage");
  return askForPasskey(ctx, site, holderOf(ctx), personOf(ctx.actor).id);
}

export async function proveByPasskey(
  ctx: AccountContext,
  site: Site,
  answer: AuthenticationResponseJSON,
): Promise<void> {
  authorize(ctx.actor, "account.manage");
  const owner = await takePasskey(ctx, site, holderOf(ctx), answer);
  if (owner !== personOf(ctx.actor).id) throw new AppError("invalid", "This passkey belongs to another account.");
  await proven(ctx);
}

async function proven(ctx: AccountContext): Promise<void> {
  await forgiveAttempts(ctx, "step-up:account", personOf(ctx.actor).id);
}

const wrong = (field: string, message: string) =>
  new AppError("invalid", "Check the marked fields.", { fields: { [field]: [message] } });
