import { and, eq, inArray } from "drizzle-orm";
import { letterAttempts, letters } from "#db/schema/notices.ts";
import { stopwatch } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { attemptsMax, letterDelivery } from "#lib/core/mail/delivery-job.ts";
import { isBinding, outcomeOf, said, shownToStaff } from "#lib/core/mail/kinds.ts";
import { send } from "#lib/core/mail/transport.ts";
import { settleSoon } from "./legal/returns/commands.ts";

type Letter = typeof letters.$inferSelect;
type Attempt = Omit<typeof letterAttempts.$inferInsert, "letterId">;
type Change = Partial<
  Pick<Letter, "state" | "error" | "answer" | "messageId" | "sentAt" | "bouncedAt" | "text" | "html">
>;

/** Hands one letter to the mail server, until it is taken, it is refused for good, or the attempts are used up. */
export const deliverLetter = defineJob({
  ...letterDelivery,
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
      await keep(ctx, letter, attempt("sent", answer), sent);
    } catch (error) {
      const outcome = outcomeOf(error);
      const tried = attempt(outcome, error);
      await keep(ctx, letter, tried, afterFailure(outcome, tried));
      if (outcome === "deferred") throw error;
    }
  },
});

function afterFailure(outcome: "bounced" | "deferred", { answer: error, at, number }: Attempt): Change {
  if (outcome === "bounced") return { state: "bounced", error, bouncedAt: at };
  return { state: number >= attemptsMax ? "failed" : "queued", error };
}

/** A bounce that was told meanwhile, of a letter we believed not to have arrived, stays. */
async function keep(
  ctx: AccountContext,
  { id, organizationId, kind }: Letter,
  attempt: Attempt,
  change: Change,
): Promise<void> {
  await transaction(ctx, async (ctx) => {
    const { db } = ctx;
    await db
      .insert(letterAttempts)
      .values({ letterId: id, ...attempt })
      .onConflictDoNothing();
    await db
      .update(letters)
      .set({ ...change, attempts: attempt.number })
      .where(and(eq(letters.id, id), inArray(letters.state, ["queued"])));
    if (organizationId && isBinding(kind) && change.state !== "queued")
      await settleSoon(inOrganization(ctx, organizationId), id);
  });
}
