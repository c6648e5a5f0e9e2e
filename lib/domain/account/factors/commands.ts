import { and, eq, sql } from "drizzle-orm";
import { type Id, isId } from "#db/id.ts";
import { staff, users } from "#db/schema/account.ts";
import { signInRules } from "#db/schema/domains.ts";
import { authenticators, passkeys, pendingSignIns, recoveryCodes } from "#db/schema/factors.ts";
import { members, organizations } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { env, staffNeedFactor } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { recordEverywhere } from "#lib/domain/account/record/commands.ts";
import { makeCodes } from "#lib/domain/account/recovery/commands.ts";
import { revokeAllSessions, revokeOtherSessions } from "#lib/domain/account/sessions/commands.ts";
import { removeFactorInput, renameFactorInput } from "./input.ts";
import { factorAddedLetter, factorRemovedLetter, factorsResetLetter } from "./letters.ts";
import { type FactorKind, factorsMax, kindWords } from "./rules.ts";

type Named = { id: Id<"authenticator"> | Id<"passkey">; kind: FactorKind; name: string };

const gone = () => new AppError("not_found", "There is no such second factor.");

/** First in the transaction that adds one: two at once would each take themselves for the first. */
export const refuseTooMany = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<void> => {
    const { id } = personOf(ctx.actor);
    await lockFactors(ctx, id);
    if ((await countFactors(ctx, id)) < factorsMax) return;
    throw new AppError("conflict", `An account has at most ${factorsMax} second factors. Remove one first.`);
  },
});

/**
 * What follows when a person has added a second factor, in the same transaction. With the first one come the recovery
 * codes, and every other browser is signed out: none stays in that has not shown it.
 */
export const noteFactor = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, added: Named): Promise<string[] | null> => {
    const person = personOf(ctx.actor);
    await post(ctx, factorAddedLetter(person, kindWords[added.kind], added.name));
    await recordEverywhere(ctx, person.id, {
      action: "second_factor.add",
      after: { kind: added.kind, name: added.name },
    });
    if ((await countFactors(ctx, person.id)) > 1) return null;
    await revokeOtherSessions(ctx);
    return makeCodes(ctx);
  },
});

export const renameFactor = command({
  can: "account.manage",
  within: "account",
  input: renameFactorInput,
  run: async (ctx, { id, name }): Promise<void> => {
    const { id: userId } = personOf(ctx.actor);
    const renamed = isId("passkey", id)
      ? await ctx.db
          .update(passkeys)
          .set({ name })
          .where(mine(passkeys, id, userId))
          .returning({ id: passkeys.id })
      : await ctx.db
          .update(authenticators)
          .set({ name })
          .where(mine(authenticators, id, userId))
          .returning({ id: authenticators.id });
    if (renamed.length === 0) throw gone();
  },
});

/** Removes one; the last one only where no organization of the person asks for it, and the recovery codes go with it. */
export const removeFactor = command({
  can: "account.manage",
  within: "account",
  input: removeFactorInput,
  stepUp: "factor.remove",
  run: async (ctx, { id }): Promise<void> => {
    const person = personOf(ctx.actor);
    await transaction(ctx, async (ctx) => {
      // Two that are removed at once would each leave the other as the last.
      await lockFactors(ctx, person.id);
      const removed = await remove(ctx, id, person.id);
      if ((await countFactors(ctx, person.id)) === 0) {
        await refuseWhereRequired(ctx, person.id);
        await ctx.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, person.id));
      }
      await post(ctx, factorRemovedLetter(person, kindWords[removed.kind], removed.name));
      await recordEverywhere(ctx, person.id, { action: "second_factor.remove", before: removed });
    });
  },
});

async function remove(ctx: AccountContext, id: Named["id"], userId: Id<"user">) {
  if (isId("passkey", id)) {
    const [passkey] = await ctx.db
      .delete(passkeys)
      .where(mine(passkeys, id, userId))
      .returning({ name: passkeys.name });
    if (passkey) return { kind: "passkey" as const, name: passkey.name };
  } else {
    const [app] = await ctx.db
      .delete(authenticators)
      .where(mine(authenticators, id, userId))
      .returning({ name: authenticators.name });
    if (app) return { kind: "app" as const, name: app.name };
  }
  throw gone();
}

const mine = (table: typeof passkeys | typeof authenticators, id: Named["id"], userId: Id<"user">) =>
  and(eq(table.id, id), eq(table.userId, userId));

async function refuseWhereRequired(ctx: AccountContext, userId: Id<"user">): Promise<void> {
  const isStaff = and(eq(staff.userId, userId), eq(staff.active, true));
  if (staffNeedFactor(env()) && (await ctx.db.$count(staff, isStaff)) > 0) {
    throw new AppError("conflict", "Staff need a second factor. Add another one first.");
  }
  const [requiring] = await ctx.db
    .select({ name: organizations.name })
    .from(members)
    .innerJoin(signInRules, eq(signInRules.organizationId, members.organizationId))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(and(eq(members.userId, userId), eq(signInRules.requiresSecondFactor, true)))
    .limit(1);
  if (!requiring) return;
  throw new AppError("conflict", `${requiring.name} asks its members for a second factor. Add another one first.`);
}

/** For a person who lost every device and every code: the operator takes all of it away and signs every browser out. */
export const resetFactors = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, email: string): Promise<Id<"user">> => {
    return transaction(ctx, async (ctx) => {
      const [user] = await ctx.db
        .select()
        .from(users)
        .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
      if (!user) throw new AppError("not_found", `Nobody has an account with ${email}.`);
      if ((await countFactors(ctx, user.id)) === 0) throw new AppError("conflict", `${email} has no second factor.`);
      for (const table of [authenticators, passkeys, recoveryCodes, pendingSignIns]) {
        await ctx.db.delete(table).where(eq(table.userId, user.id));
      }
      await revokeAllSessions(ctx, user.id);
      await post(ctx, factorsResetLetter(user));
      await recordEverywhere(ctx, user.id, { action: "second_factor.reset" });
      return user.id;
    });
  },
});

async function lockFactors(ctx: AccountContext, userId: Id<"user">): Promise<void> {
  await ctx.db.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("update");
}

async function countFactors(ctx: AccountContext, userId: Id<"user">): Promise<number> {
  const apps = await ctx.db.$count(authenticators, eq(authenticators.userId, userId));
  return apps + (await ctx.db.$count(passkeys, eq(passkeys.userId, userId)));
}
