import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { ticketPeople, tickets } from "#db/schema/help.ts";
import { members } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { command } from "#lib/core/command.ts";
import { type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { answerDueNow } from "./clocks/queries.ts";
import { addPersonInput, openInput, replyInput, resolveInput } from "./input.ts";
import { kindOf, type TicketKind } from "./kinds/rules.ts";
import { isSeen } from "./queries.ts";
import { recordFor } from "./records/commands.ts";
import { recordOf } from "./records/queries.ts";
import { effectOfReply, isOver, numberWords } from "./rules.ts";
import { auditTicket, beginTicket, change, noteEvent, say } from "./thread/commands.ts";
import type { Ticket } from "./view.ts";

type Opened = { id: Id<"ticket">; number: string };

const opened = ({ id, number }: Ticket): Opened => ({ id, number: numberWords(number) });

/** Asks the provider's people for something. Each kind says who can open it. */
export const openTicket = command({
  can: "help.write",
  within: "organization",
  input: openInput,
  run: async (ctx, given): Promise<Opened> => {
    const { kind, subject, body, files } = given;
    authorize(ctx.actor, kindOf(kind).can);
    const details = detailsOf(kind, given);
    return transaction(ctx, async (ctx) => {
      const recordId = await recordFor(ctx, kind, details);
      return opened(await beginTicket(ctx, { kind, subject, body, files, details, ...(recordId && { recordId }) }));
    });
  },
});

/** The answers to a kind's own questions; what was left empty is left out. */
function detailsOf(kind: TicketKind, given: object): Record<string, string> {
  const answers = given as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(kindOf(kind).fields).flatMap((name): [string, string][] => {
      const answer = answers[name];
      return typeof answer === "string" && answer !== "" ? [[name, answer]] : [];
    }),
  );
}

async function locked(ctx: OrganizationContext, id: Id<"ticket">): Promise<Ticket> {
  const [found] = await ctx.db
    .select()
    .from(tickets)
    .where(and(eq(tickets.organizationId, ctx.organizationId), eq(tickets.id, id), isSeen(ctx)))
    .for("update");
  if (!found) throw new AppError("not_found", "There is no such ticket.");
  return found;
}

/** Writes on a ticket: goes on, opens it again, or begins the one that follows it. Tells which ticket has the message. */
export const replyToTicket = command({
  can: "help.write",
  within: "organization",
  input: replyInput,
  run: (ctx, { ticketId, ...said }): Promise<Opened> =>
    transaction(ctx, async (ctx) => {
      const ticket = await locked(ctx, ticketId);
      const effect = effectOfReply(ticket, ctx.now);
      if (effect === "follows") {
        const { kind, subject } = ticket;
        return opened(await beginTicket(ctx, { kind: kind as TicketKind, subject, ...said, followsId: ticket.id }));
      }
      await say(ctx, ticket, "customer", said);
      await (effect === "reopens" ? reopen(ctx, ticket) : goOn(ctx, ticket));
      return opened(ticket);
    }),
});

/** The customer's word begins the next clock, unless one runs already, and wakes what was put off. */
async function goOn(ctx: OrganizationContext, ticket: Ticket): Promise<void> {
  const nextDueAt = ticket.firstAnsweredAt === null ? null : (ticket.nextDueAt ?? (await answerDueNow(ctx)));
  await change(ctx, ticket, { state: "open", nextDueAt, snoozedUntil: null });
  await auditTicket(ctx, "help.reply", ticket);
}

async function reopen(ctx: OrganizationContext, ticket: Ticket): Promise<void> {
  const due = await answerDueNow(ctx);
  const clock = ticket.firstAnsweredAt === null ? { firstDueAt: due } : { nextDueAt: due };
  const over = { resolvedAt: null, closedAt: null };
  await noteEvent(ctx, ticket, "reopened");
  await change(ctx, ticket, { state: "open", ...over, ...clock, reopened: ticket.reopened + 1 });
  await auditTicket(ctx, "help.reopen", ticket);
}

/** The customer needs no more help. */
export const resolveTicket = command({
  can: "help.write",
  within: "organization",
  input: resolveInput,
  run: (ctx, { ticketId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const ticket = await locked(ctx, ticketId);
      if (isOver(ticket.state)) throw new AppError("conflict", "This ticket is resolved already.");
      const record = await recordOf(ctx, ticket);
      if (record && !record.isDecided)
        throw new AppError("conflict", `${record.title} is not decided yet: withdraw it, or wait for the answer.`);
      await noteEvent(ctx, ticket, "resolved");
      await change(ctx, ticket, { state: "resolved", resolvedAt: ctx.now, nextDueAt: null, snoozedUntil: null });
      await auditTicket(ctx, "help.resolve", ticket);
    }),
});

/** Lets another member see a ticket and write on it. */
export const addPerson = command({
  can: "help.write",
  within: "organization",
  input: addPersonInput,
  run: (ctx, { ticketId, userId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const ticket = await locked(ctx, ticketId);
      const { organizationId } = ctx;
      const its = and(eq(members.organizationId, organizationId), eq(members.userId, userId));
      if ((await ctx.db.$count(members, its)) === 0)
        throw new AppError("not_found", "Only members of the organization can be added.");
      const row = { organizationId, ticketId, userId, addedBy: ctx.actor.id, addedAt: ctx.now };
      const added = await ctx.db
        .insert(ticketPeople)
        .values(row)
        .onConflictDoNothing()
        .returning({ userId: ticketPeople.userId });
      if (added.length === 0) return;
      await noteEvent(ctx, ticket, "person_added");
      await auditTicket(ctx, "help.add-person", ticket, { user: userId });
    }),
});
