import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { letters, mutedNotices } from "#db/schema/notices.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type OptionalKind, optionalKinds } from "#lib/core/mail/kinds.ts";
import { unsubscriptionOf } from "#lib/core/mail/unsubscribe.ts";
import { preferencesInput } from "./input.ts";

const unopened = (ctx: AccountContext) => and(eq(letters.userId, personOf(ctx.actor).id), isNull(letters.openedAt));

/** Keeps that its reader has opened a notice: the last piece of the evidence that it arrived. */
export const openNotice = command({
  can: "account.manage",
  within: "account",
  run: async (ctx, id: Id<"letter">): Promise<void> => {
    await ctx.db
      .update(letters)
      .set({ openedAt: ctx.now })
      .where(and(unopened(ctx), eq(letters.id, id)));
  },
});

export const openAllNotices = command({
  can: "account.manage",
  within: "account",
  run: async (ctx): Promise<void> => {
    await ctx.db.update(letters).set({ openedAt: ctx.now }).where(unopened(ctx));
  },
});

/** Says which of the optional kinds also come as e-mail; all others always do. */
export const chooseNotices = command({
  can: "account.manage",
  within: "account",
  input: preferencesInput,
  run: async (ctx, { kinds }): Promise<void> => {
    const { id: userId } = personOf(ctx.actor);
    const muted = (Object.keys(optionalKinds) as OptionalKind[]).filter((kind) => !kinds.includes(kind));
    await transaction(ctx, async ({ db, now }) => {
      if (kinds.length > 0) {
        await db.delete(mutedNotices).where(and(eq(mutedNotices.userId, userId), inArray(mutedNotices.kind, kinds)));
      }
      if (muted.length === 0) return;
      const rows = muted.map((kind) => ({ userId, kind, createdAt: now }));
      await db.insert(mutedNotices).values(rows).onConflictDoNothing();
    });
  },
});

/** One click in a letter: its reader gets no more e-mails of its kind. Doing it again changes nothing. */
export const unsubscribe = command({
  can: "account.open",
  within: "account",
  run: async (ctx, code: string): Promise<OptionalKind> => {
    const asked = unsubscriptionOf(code);
    if (!asked || "email" in asked)
      throw new AppError("invalid", "This link is not one of ours. Choose your letters in the console.");
    await ctx.db
      .insert(mutedNotices)
      .values({ ...asked, createdAt: ctx.now })
      .onConflictDoNothing();
    return asked.kind;
  },
});
