import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Id, isId } from "#db/id.ts";
import { letters } from "#db/schema/notices.ts";
import type { AccountContext } from "#lib/context.ts";
import { defineJob } from "#lib/jobs/define.ts";
import { send } from "#lib/mail/transport.ts";
import { shownToStaff } from "./rules.ts";

const attemptsMax = 8;
const letterId = z.custom<Id<"letter">>((value) => typeof value === "string" && isId("letter", value));

/** Hands one letter to the mail server, until it is taken or the attempts are used up. */
export const deliverLetter = defineJob({
  name: "notices.deliver-letter",
  payload: z.object({ letterId }),
  attempts: attemptsMax,
  run: async (ctx, { letterId }) => {
    const [letter] = await ctx.db.select().from(letters).where(eq(letters.id, letterId));
    if (letter?.state !== "queued") return;
    const attempts = letter.attempts + 1;
    try {
      await send(letter);
    } catch (error) {
      const state = attempts >= attemptsMax ? "failed" : "queued";
      await mark(ctx, letterId, { state, attempts, error: String(error).slice(0, 500) });
      throw error;
    }
    const { text, html } = shownToStaff({ ...letter, state: "sent" });
    await mark(ctx, letterId, { state: "sent", attempts, error: null, sentAt: ctx.now, text, html });
  },
});

type Outcome = {
  state: "sent" | "queued" | "failed";
  attempts: number;
  error: string | null;
  sentAt?: Date;
  text?: string;
  html?: string;
};

async function mark(ctx: AccountContext, id: Id<"letter">, outcome: Outcome): Promise<void> {
  await ctx.db.update(letters).set(outcome).where(eq(letters.id, id));
}
