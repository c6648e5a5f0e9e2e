import { and, eq } from "drizzle-orm";
import { ticketRatings, tickets } from "#db/schema/help.ts";
import { personOf } from "#lib/core/access/person.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { isWithin, rateDays } from "#lib/domain/help/clocks/rules.ts";
import { isSeen } from "#lib/domain/help/queries.ts";
import { helpSealer } from "#lib/domain/help/sealing/queries.ts";
import { auditTicket } from "#lib/domain/help/thread/commands.ts";
import { rateInput } from "./input.ts";

/** Says whether the help was good, once for each ticket, within 14 days of its end. */
export const rateTicket = command({
  can: "help.write",
  within: "organization",
  input: rateInput,
  run: (ctx, { ticketId, verdict, words }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { organizationId } = ctx;
      const [ticket] = await ctx.db
        .select()
        .from(tickets)
        .where(and(eq(tickets.organizationId, organizationId), eq(tickets.id, ticketId), isSeen(ctx)))
        .for("update");
      if (!ticket) throw new AppError("not_found", "There is no such ticket.");
      if (!ticket.resolvedAt || !isWithin(ticket.resolvedAt, rateDays, ctx.now))
        throw new AppError("conflict", `A ticket can be rated for ${rateDays} days after it was resolved.`);
      const made = await ctx.db
        .insert(ticketRatings)
        .values({
          organizationId,
          ticketId,
          userId: personOf(ctx.actor).id,
          isGood: verdict === "good",
          words: words === "" ? null : (await helpSealer(ticket)).text(words, ticketId),
          at: ctx.now,
        })
        .onConflictDoNothing()
        .returning({ ticketId: ticketRatings.ticketId });
      if (made.length === 0) throw new AppError("conflict", "This ticket is rated already.");
      await auditTicket(ctx, "help.rate", ticket, { verdict });
    }),
});
