import { type Id, newId } from "#db/id.ts";
import { letters } from "#db/schema/notices.ts";
import type { AccountContext } from "#lib/context.ts";
import { env } from "#lib/env.ts";
import { enqueue } from "#lib/jobs/define.ts";
import { deliverLetter } from "#lib/notices/jobs.ts";
import type { Letter } from "./letter.ts";

/** Puts a letter into the outbox, in the transaction that causes it; without a mail server it stays there to be read. */
export async function post(ctx: AccountContext, letter: Letter): Promise<Id<"letter">> {
  const id = newId("letter", ctx.now);
  const state = env().SMTP_URL ? "queued" : "kept";
  await ctx.db.insert(letters).values({ id, ...letter, state, createdAt: ctx.now });
  if (state === "queued") await enqueue(ctx, deliverLetter, { letterId: id }, { key: id });
  return id;
}
