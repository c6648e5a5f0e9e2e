import { and, asc, eq, lte } from "drizzle-orm";
import {
  ticketFiles,
  ticketMessages,
  ticketNotes,
  ticketPeople,
  ticketRatings,
  tickets,
  ticketWatchers,
  ticketWords,
} from "#db/schema/help.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays, yearAfter } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { storageKey } from "#lib/domain/help/files/rules.ts";
import { numberWords } from "#lib/domain/help/rules.ts";
import { fileDays } from "./rules.ts";

const atOnce = 500;

const joined = and(eq(tickets.organizationId, ticketFiles.organizationId), eq(tickets.id, ticketFiles.ticketId));

/** Removes files of tickets that are closed for 90 days: the object first, so that a failure leaves a row to try again with. */
export const endFiles = part(async (ctx: AccountContext): Promise<number> => {
  const due = await ctx.db
    .select({ organizationId: ticketFiles.organizationId, id: ticketFiles.id })
    .from(ticketFiles)
    .innerJoin(tickets, joined)
    .where(lte(tickets.closedAt, addDays(ctx.now, -fileDays)))
    .limit(atOnce);
  for (const { organizationId, id } of due) {
    await storage().remove(storageKey(organizationId, id));
    await ctx.db.delete(ticketFiles).where(and(eq(ticketFiles.organizationId, organizationId), eq(ticketFiles.id, id)));
  }
  return due.length;
});

const parts = [ticketRatings, ticketWatchers, ticketWords, ticketPeople, ticketNotes, ticketMessages] as const;

/** Removes tickets a year after they were closed, with everything that was written about them. */
export const endTickets = part(async (ctx: AccountContext): Promise<number> => {
  const old = await ctx.db
    .select({
      organizationId: tickets.organizationId,
      id: tickets.id,
      number: tickets.number,
      closedAt: tickets.closedAt,
    })
    .from(tickets)
    .where(lte(tickets.closedAt, addDays(ctx.now, -365)))
    .orderBy(asc(tickets.closedAt))
    .limit(atOnce);
  const due = old.filter(({ closedAt }) => closedAt !== null && yearAfter(closedAt) <= ctx.now);
  for (const ticket of due)
    await transaction(inOrganization(ctx, ticket.organizationId), async (ctx) => {
      const { organizationId, id } = ticket;
      for (const table of parts)
        await ctx.db.delete(table).where(and(eq(table.organizationId, organizationId), eq(table.ticketId, id)));
      const follows = and(eq(tickets.organizationId, organizationId), eq(tickets.followsId, id));
      await ctx.db.update(tickets).set({ followsId: null }).where(follows);
      await ctx.db.delete(tickets).where(and(eq(tickets.organizationId, organizationId), eq(tickets.id, id)));
      await writeAudit(ctx, {
        action: "help.end",
        object: { type: "ticket", id },
        after: { number: numberWords(ticket.number), closed: ticket.closedAt },
      });
    });
  return due.length;
});
