import { and, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { letters, mutedNotices } from "#db/schema/notices.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { letterDelivery } from "./delivery-job.ts";
import { carriesToken, mayMute } from "./kinds.ts";
import type { Letter } from "./letter.ts";

/**
 * Puts a letter into the outbox, in the transaction that causes it; without a mail server it stays there to be read. Who
 * has an account finds it in their inbox as well, and there only if that is how they want letters of its kind.
 */
export async function post(ctx: AccountContext, letter: Letter): Promise<Id<"letter">> {
  const id = newId("letter", ctx.now);
  const reader = await readerOf(ctx, letter);
  const userId = reader && !carriesToken(letter.text) ? reader.id : null;
  const state = reader?.isMuted && mayMute(letter.kind) ? "muted" : env().SMTP_URL ? "queued" : "kept";
  await ctx.db.insert(letters).values({ id, ...letter, userId, state, createdAt: ctx.now });
  if (state === "queued") await enqueue(ctx, letterDelivery, { letterId: id }, { key: id });
  return id;
}

type Reader = { id: Id<"user">; isMuted: boolean };

async function readerOf(ctx: AccountContext, { recipient, kind }: Letter): Promise<Reader | undefined> {
  const [reader] = await ctx.db
    .select({ id: users.id, isMuted: sql<boolean>`${mutedNotices.kind} is not null` })
    .from(users)
    .leftJoin(mutedNotices, and(eq(mutedNotices.userId, users.id), eq(mutedNotices.kind, kind)))
    .where(eq(sql`lower(${users.email})`, recipient.toLowerCase()));
  return reader;
}
