import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { eq } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { passwordMatches } from "#lib/core/password.ts";
import { forgiveAttempts, spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { takeAppCode } from "#lib/domain/account/authenticators/commands.ts";
import { askForPasskey, takePasskey } from "#lib/domain/account/passkeys/commands.ts";
import type { Site } from "#lib/domain/account/passkeys/rules.ts";
import { holderOf } from "#lib/domain/account/passkeys/rules.ts";

/** Shows again who is behind this browser, by password. */
export const proveByPassword = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, password: string): Promise<void> => {
    const { id } = personOf(ctx.actor);
    await spendAttempt(ctx, "step-up:account", id);
    const [user] = await ctx.db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, id));
    if (!(await passwordMatches(password, user?.passwordHash))) throw wrong("password", "This is not your password.");
    await proven(ctx);
  },
});

/** By a code of an app. */
export const proveByCode = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, code: string): Promise<void> => {
    const { id } = personOf(ctx.actor);
    await spendAttempt(ctx, "second-factor-day:account", id);
    await spendAttempt(ctx, "step-up:account", id);
    if (!(await takeAppCode(ctx, id, code))) {
      throw wrong("code", "This code is wrong, or was used already. Wait for the next.");
    }
    await forgiveAttempts(ctx, "second-factor-day:account", id);
    await proven(ctx);
  },
});

/** By a passkey of one's own. */
export const askForProof = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, site: Site) => {
    return askForPasskey(ctx, site, holderOf(ctx), personOf(ctx.actor).id);
  },
});

export const proveByPasskey = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, site: Site, answer: AuthenticationResponseJSON): Promise<void> => {
    const owner = await takePasskey(ctx, site, holderOf(ctx), answer);
    if (owner !== personOf(ctx.actor).id) throw new AppError("invalid", "This passkey belongs to another account.");
    await proven(ctx);
  },
});

async function proven(ctx: AccountContext): Promise<void> {
  await forgiveAttempts(ctx, "step-up:account", personOf(ctx.actor).id);
}

const wrong = (field: string, message: string) =>
  new AppError("invalid", "Check the marked fields.", { fields: { [field]: [message] } });
