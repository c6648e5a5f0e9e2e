import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Id } from "#db/id.ts";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { stopwatch } from "#lib/clock.ts";
import { type AccountContext, within } from "#lib/context.ts";
import { defineJob } from "#lib/jobs/define.ts";
import { send } from "#lib/mail/transport.ts";
import { letterId } from "./input.ts";
import { outcomeOf, said, shownToStaff } from "./rules.ts";

/** With the queue's growing waits, somewhat more than half a day: long enough for greylisting and for a full mailbox. */
const attemptsMax = 12;

type Letter = typeof letters.$inferSelect;
type Attempt = Omit<typeof letterAttempts.$inferInsert, "letterId">;
type Change = Partial<
  Pick<Letter, "state" | "error" | "answer" | "messageId" | "sentAt" | "bouncedAt" | "text" | "html">
>;

/** Hands one letter to the mail server, until it is taken, it is refused for good, or the attempts are used up. */
export const deliverLetter = defineJob({
  name: "notices.deliver-letter",
  payload: z.object({ letterId }),
  attempts: attemptsMax,
  run: async (ctx, { letterId }) => {
    const [letter] = await ctx.db.select().from(letters).where(eq(letters.id, letterId));
    if (letter?.state !== "queued") return;
    const began = stopwatch();
    const attempt = (outcome: Attempt["outcome"], answer: unknown): Attempt => ({
      number: letter.attempts + 1,
      at: ctx.now,
      ms: Math.round(stopwatch() - began),
      outcome,
      answer: said(answer),
    });
    try {
      const { messageId, answer } = await send(letter);
      const { text, html } = shownToStaff({ ...letter, state: "sent" });
      const sent = {
        state: "sent",
        messageId,
        answer: said(answer),
        error: null,
        sentAt: ctx.now,
        text,
        html,
      } as const;
      await keep(ctx, letterId, attempt("sent", answer), sent);
    } catch (error) {
      const outcome = outcomeOf(error);
      const tried = attempt(outcome, error);
      await keep(ctx, letterId, tried, afterFailure(outcome, tried));
      if (outcome === "deferred") throw error;
    }
  },
});

function afterFailure(outcome: "bounced" | "deferred", { answer: error, at, number }: Attempt): Change {
  if (outcome === "bounced") return { state: "bounced", error, bouncedAt: at };
  return { state: number >= attemptsMax ? "failed" : "queued", error };
}

/** A bounce that was told meanwhile, of a letter we believed not to have arrived, stays. */
async function keep(ctx: AccountContext, id: Id<"letter">, attempt: Attempt, change: Change): Promise<void> {
  await within(ctx, async ({ db }) => {
    await db
      .insert(letterAttempts)
      .values({ letterId: id, ...attempt })
      .onConflictDoNothing();
    await db
      .update(letters)
      .set({ ...change, attempts: attempt.number })
      .where(and(eq(letters.id, id), inArray(letters.state, ["queued"])));
  });
}
