import { and, eq, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { recoveryCodes } from "#db/schema/factors.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { post } from "#lib/core/mail/post.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { codesRenewedLetter, codeUsedLetter } from "#lib/domain/account/factors/letters.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import { hasFactor } from "#lib/domain/account/factors/rules.ts";
import { codesAtOnce, newCode, readCode } from "./rules.ts";

/** Makes a person's codes, in the place of the ones before; shown once, kept as hashes. */
export const makeCodes = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<string[]> => {
    const { id: userId } = personOf(ctx.actor);
    const codes = Array.from({ length: codesAtOnce }, newCode);
    await ctx.db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    await ctx.db
      .insert(recoveryCodes)
      .values(codes.map((code) => ({ userId, hash: hashOf(userId, code), createdAt: ctx.now })));
    return codes;
  },
});

/** New codes for a person who has used theirs, or lost the paper; the old ones are void. */
export const renewCodes = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<string[]> => {
    const person = personOf(ctx.actor);
    if (!hasFactor(await meansOf(ctx, person.id))) {
      throw new AppError("conflict", "Recovery codes come with a second factor. Add one first.");
    }
    return transaction(ctx, async (ctx) => {
      await post(ctx, codesRenewedLetter(person));
      return makeCodes(ctx);
    });
  },
});

/** Whether this is an unused code of the person's; it is used up then, and they are told. */
export const takeRecoveryCode = command({
  can: "account.open",
  within: "account",
  run: async (ctx, userId: Id<"user">, typed: string): Promise<boolean> => {
    const code = readCode(typed);
    if (!code) return false;
    return transaction(ctx, async (ctx) => {
      const unused = and(
        eq(recoveryCodes.userId, userId),
        eq(recoveryCodes.hash, hashOf(userId, code)),
        isNull(recoveryCodes.usedAt),
      );
      const taken = await ctx.db
        .update(recoveryCodes)
        .set({ usedAt: ctx.now })
        .where(unused)
        .returning({ hash: recoveryCodes.hash });
      if (taken.length === 0) return false;
      const [owner] = await ctx.db
        .select({ name: users.name, email: users.email })
        .from(users)
        .where(eq(users.id, userId));
      const { codesLeft } = await meansOf(ctx, userId);
      if (owner) await post(ctx, codeUsedLetter(owner, codesLeft));
      return true;
    });
  },
});

const hashOf = (userId: Id<"user">, code: string): string => keyedHash(`recovery:${userId}:${code}`);
