import { and, eq, isNotNull, lt, lte, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { ticketNotes, tickets, ticketWatchers } from "#db/schema/help.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { reopenDays } from "#lib/domain/help/clocks/rules.ts";
import { keepWaiting } from "#lib/domain/help/files/commands.ts";
import type { SentFile } from "#lib/domain/help/files/view.ts";
import { answeredLetter, resolvedLetter } from "#lib/domain/help/letters.ts";
import { deskRecordOf } from "#lib/domain/help/records/queries.ts";
import { canAnswer, isDone, numberWords } from "#lib/domain/help/rules.ts";
import { helpSealer } from "#lib/domain/help/sealing/queries.ts";
import { auditTicket, change, noteEvent, say, tellPeople } from "#lib/domain/help/thread/commands.ts";
import type { Ticket } from "#lib/domain/help/view.ts";
import { answerInput, deskTicketInput, noteInput, snoozeInput } from "./input.ts";
import { isLeftUnclaimed } from "./queries.ts";
import { claimOf, noClaim } from "./rules.ts";

type Held = { ctx: OrganizationContext; ticket: Ticket };

/** Runs `work` on a locked ticket, in its customer's organization. */
const onTicket = <T>(ctx: AccountContext, id: Id<"ticket">, work: (held: Held) => Promise<T>): Promise<T> =>
  transaction(ctx, async (ctx) => {
    const [ticket] = await ctx.db.select().from(tickets).where(eq(tickets.id, id)).for("update");
    if (!ticket) throw new AppError("not_found", "There is no such ticket.");
    return work({ ctx: inOrganization(ctx, ticket.organizationId), ticket });
  });

/** Of two who work on one ticket at once, the second is told. */
function refuseClaimed({ ctx, ticket }: Held): void {
  const { claimedBy, claimedName, claimedUntil } = ticket;
  if (claimedBy === null || claimedBy === ctx.actor.id || claimedUntil === null || claimedUntil <= ctx.now) return;
  throw new AppError("conflict", `${claimedName} works on this ticket.`, { code: "claimed" });
}

function refuseOver({ state }: Ticket): void {
  if (!canAnswer(state))
    throw new AppError("conflict", "This ticket is resolved. The customer's reply opens it again.");
}

async function refuseUndecided({ ctx, ticket }: Held): Promise<void> {
  const record = await deskRecordOf(ctx, ticket);
  if (record && !record.isDecided)
    throw new AppError("conflict", `${record.title}: decide it first, then resolve the ticket.`, { code: "undecided" });
}

/** Changes of staff that are no event for the customer: neither in their log nor told to their programs. */
async function changeQuietly({ ctx, ticket }: Held, changed: Partial<typeof tickets.$inferInsert>): Promise<void> {
  await ctx.db
    .update(tickets)
    .set(changed)
    .where(and(eq(tickets.organizationId, ticket.organizationId), eq(tickets.id, ticket.id)));
}

const auditInside = (ctx: AccountContext, action: "help.note" | "help.snooze", ticket: Ticket, after = {}) =>
  writeAudit(ofProvider(ctx), {
    action,
    object: { type: "ticket", id: ticket.id },
    after: { number: numberWords(ticket.number), ...after },
  });

/** Takes a ticket for the next half hour. */
export const claimTicket = command({
  can: "tickets.decide",
  within: "account",
  input: deskTicketInput,
  run: (ctx, { ticketId }): Promise<void> =>
    onTicket(ctx, ticketId, async (held) => {
      refuseClaimed(held);
      refuseOver(held.ticket);
      await changeQuietly(held, claimOf(held.ctx.actor, held.ctx.now));
    }),
});

/** Gives a ticket back to the queue. */
export const releaseTicket = command({
  can: "tickets.decide",
  within: "account",
  input: deskTicketInput,
  run: (ctx, { ticketId }): Promise<void> =>
    onTicket(ctx, ticketId, async (held) => {
      refuseClaimed(held);
      await changeQuietly(held, noClaim);
    }),
});

/** Answers the customer, who is told by e-mail that there is an answer. It can resolve the ticket as well. */
export const answerTicket = command({
  can: "tickets.decide",
  within: "account",
  input: answerInput,
  run: (ctx, { ticketId, state, ...said }): Promise<void> =>
    onTicket(ctx, ticketId, async (held) => {
      const { ctx, ticket } = held;
      refuseClaimed(held);
      refuseOver(ticket);
      await say(ctx, ticket, "staff", said);
      const firstAnsweredAt = ticket.firstAnsweredAt ?? ctx.now;
      const answered = { firstAnsweredAt, nextDueAt: null, snoozedUntil: null };
      await auditTicket(ctx, "help.answer", ticket);
      if (state === "resolved") return end(held, answered, said.body);
      await change(ctx, ticket, { ...answered, state: "waiting", ...claimOf(ctx.actor, ctx.now) });
      await tellPeople(ctx, ticket, answeredLetter(said.body));
    }),
});

/** Ends a ticket. What it is about has to be decided, whoever asks. */
async function end(held: Held, changed: Partial<typeof tickets.$inferInsert> = {}, answer?: string): Promise<void> {
  const { ctx, ticket } = held;
  await refuseUndecided(held);
  await noteEvent(ctx, ticket, "resolved");
  const over = { state: "resolved", resolvedAt: ctx.now, nextDueAt: null, snoozedUntil: null, ...noClaim } as const;
  const after = await change(ctx, ticket, { ...changed, ...over });
  await auditTicket(ctx, "help.resolve", ticket);
  await tellPeople(ctx, after, resolvedLetter(answer));
}

/** Ends a ticket without another word. */
export const settleTicket = command({
  can: "tickets.decide",
  within: "account",
  input: deskTicketInput,
  run: (ctx, { ticketId }): Promise<void> =>
    onTicket(ctx, ticketId, async (held) => {
      refuseClaimed(held);
      refuseOver(held.ticket);
      await end(held);
    }),
});

/** Writes to colleagues. No customer reads it, nor that it was written. */
export const noteTicket = command({
  can: "tickets.decide",
  within: "account",
  input: noteInput,
  run: (ctx, { ticketId, body }): Promise<void> =>
    onTicket(ctx, ticketId, async ({ ctx, ticket }) => {
      const id = newId("ticketNote", ctx.now);
      const { id: authorId, name: authorName } = personOf(ctx.actor);
      const { organizationId } = ticket;
      const sealed = (await helpSealer(ticket)).text(body, id);
      await ctx.db
        .insert(ticketNotes)
        .values({ organizationId, ticketId, id, authorId, authorName, body: sealed, at: ctx.now });
      await auditInside(ctx, "help.note", ticket);
    }),
});

/** Puts a ticket off until a moment, or takes that back. The clocks go on. */
export const snoozeTicket = command({
  can: "tickets.decide",
  within: "account",
  input: snoozeInput,
  run: (ctx, { ticketId, until }): Promise<void> =>
    onTicket(ctx, ticketId, async (held) => {
      refuseClaimed(held);
      refuseOver(held.ticket);
      if (until !== null && until <= held.ctx.now) {
        const message = "Choose a moment that is still to come.";
        throw new AppError("invalid", message, { fields: { until: [message] } });
      }
      await changeQuietly(held, { snoozedUntil: until, ...noClaim });
      await auditInside(held.ctx, "help.snooze", held.ticket, { until });
    }),
});

/** Notes who looks at a ticket, and keeps their claim alive while they do. */
export const watchTicket = command({
  can: "tickets.decide",
  within: "account",
  input: deskTicketInput,
  run: async (ctx, { ticketId }): Promise<void> => {
    const { id: staffId, name } = personOf(ctx.actor);
    await ctx.db.execute(sql`
      insert into ${ticketWatchers} (organization_id, ticket_id, staff_id, name, at)
        select organization_id, id, ${staffId}, ${name}, ${ctx.now.toISOString()}::timestamptz from ${tickets} where id = ${ticketId}
      on conflict (organization_id, ticket_id, staff_id) do update set at = excluded.at, name = excluded.name`);
  },
});

/** A file of the staff's, before the answer it goes with. */
export const uploadAnswerFile = command({
  can: "tickets.decide",
  within: "account",
  run: async (ctx, ticketId: Id<"ticket">, sent: { name: string; bytes: Buffer }): Promise<SentFile> => {
    const [ticket] = await ctx.db
      .select({ organizationId: tickets.organizationId })
      .from(tickets)
      .where(eq(tickets.id, ticketId));
    if (!ticket) throw new AppError("not_found", "There is no such ticket.");
    return keepWaiting(inOrganization(ctx, ticket.organizationId), sent);
  },
});

/** Closes what was resolved for so long that a reply begins another ticket. */
export const closeTickets = part(async (ctx: AccountContext): Promise<void> => {
  const old = await ctx.db
    .select({ id: tickets.id })
    .from(tickets)
    .where(and(eq(tickets.state, "resolved"), lt(tickets.resolvedAt, addDays(ctx.now, -reopenDays))))
    .limit(1000);
  for (const { id } of old)
    await onTicket(ctx, id, async ({ ctx, ticket }) => {
      if (!isDone(ticket, ctx.now)) return;
      await noteEvent(ctx, ticket, "closed");
      await change(ctx, ticket, { state: "closed", closedAt: ctx.now });
      await auditTicket(ctx, "help.close", ticket);
    });
});

/** Brings back what was put off until now, and gives back what its claimant left. */
export const wakeTickets = part(async (ctx: AccountContext): Promise<void> => {
  await ctx.db
    .update(tickets)
    .set({ snoozedUntil: null })
    .where(and(isNotNull(tickets.snoozedUntil), lte(tickets.snoozedUntil, ctx.now)));
  await ctx.db.update(tickets).set(noClaim).where(isLeftUnclaimed(ctx.now));
});
