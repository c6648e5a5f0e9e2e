import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { letters, mutedNotices } from "#db/schema/notices.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { type AccountContext, within } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type OptionalKind, optionalKinds } from "#lib/core/mail/kinds.ts";
import { unsubscriptionOf } from "#lib/core/mail/unsubscribe.ts";
import type { PreferencesInput } from "./input.ts";

const unopened = (ctx: AccountContext) => and(eq(letters.userId, personOf(ctx.actor).id), isNull(letters.openedAt));

/** Keeps that its reader has opened a notice: the last piece of the evidence that it arrived. */
export async function openNotice(ctx: AccountContext, id: Id<"letter">): Promise<void> {
  authorize(ctx.actor, "account.manage");
  await ctx.db
    .update(letters)
    .set({ openedAt: ctx.now })
    .where(and(unopened(ctx), eq(letters.id, id)));
}

export async function openAllNotices(ctx: AccountContext): Promise<void> {
  authorize(ctx.actor, "account.manage");
  await ctx.db.update(letters).set({ openedAt: ctx.now }).where(unopened(ctx));
}

/** Says which of the optional kinds also come as e-mail; all others always do. */
export async function chooseNotices(ctx: AccountContext, { kinds }: PreferencesInput): Promise<void> {
  authorize(ctx.actor, "account.manage");
  const { id: userId } = personOf(ctx.actor);
  const muted = (Object.keys(optionalKinds) as OptionalKind[]).filter((kind) => !kinds.includes(kind));
  await within(ctx, async ({ db, now }) => {
    if (kinds.length > 0) {
      await db.delete(mutedNotices).where(and(eq(mutedNotices.userId, userId), inArray(mutedNotices.kind, kinds)));
    }
    if (muted.length === 0) return;
    const rows = muted.map((kind) => ({ userId, kind, createdAt: now }));
    await db.insert(mutedNotices).values(rows).onConflictDoNothing();
  });
}

/** One click in a letter: its reader gets no more e-mails of its kind. Doing it again changes nothing. */
export async function unsubscribe(ctx: AccountContext, code: string): Promise<OptionalKind> {
  authorize(ctx.actor, "account.open");
  const asked = unsubscriptionOf(code);
  if (!asked) throw new AppError("invalid", "This link is not one of ours. Choose your letters in the console.");
  await ctx.db
    .insert(mutedNotices)
    .values({ ...asked, createdAt: ctx.now })
    .onConflictDoNothing();
  return asked.kind;
}
