import { and, eq, inArray, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { ticketMessages, ticketPeople, tickets, ticketWords } from "#db/schema/help.ts";
import { members, organizations, workspaces } from "#db/schema/organizations.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import type { AuditAction } from "#lib/core/audit-actions.ts";
import { part } from "#lib/core/command.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Letter } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { searchWord } from "#lib/core/search-word.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { answerDueNow } from "#lib/domain/help/clocks/queries.ts";
import { legalDue } from "#lib/domain/help/clocks/rules.ts";
import { takeFiles } from "#lib/domain/help/files/commands.ts";
import { kindOf, type TicketKind } from "#lib/domain/help/kinds/rules.ts";
import { receivedLetter } from "#lib/domain/help/letters.ts";
import { isOver, numberWords, wordsOf } from "#lib/domain/help/rules.ts";
import { helpSealer, newHelpSealer } from "#lib/domain/help/sealing/queries.ts";
import type { Ticket } from "#lib/domain/help/view.ts";

export type Said = { body: string; files?: readonly Id<"ticketFile">[] };

const its = ({ organizationId, id }: Pick<Ticket, "organizationId" | "id">) =>
  and(eq(tickets.organizationId, organizationId), eq(tickets.id, id));

/** Keeps a message with its files and its words. The ticket is locked, or made in this transaction. */
export const say = part(
  async (
    ctx: OrganizationContext,
    ticket: Pick<Ticket, "id" | "key">,
    from: "customer" | "staff",
    said: Said,
  ): Promise<void> => {
    const { organizationId } = ctx;
    const id = newId("ticketMessage", ctx.now);
    const place = { organizationId, ticketId: ticket.id };
    const sealer = await helpSealer(ticket);
    await ctx.db.insert(ticketMessages).values({
      ...place,
      id,
      from,
      authorId: ctx.actor.id,
      authorName: ctx.actor.name,
      body: sealer.text(said.body, id),
      at: ctx.now,
    });
    await takeFiles(ctx, { ticketId: ticket.id, messageId: id }, said.files ?? []);
    const words = wordsOf(said.body).map((word) => ({ ...place, word: searchWord(word) }));
    if (words.length > 0) await ctx.db.insert(ticketWords).values(words).onConflictDoNothing();
  },
);

type Event = NonNullable<(typeof ticketMessages.$inferSelect)["event"]>;

/** A line of the thread that says what happened. */
export const noteEvent = part(
  async (ctx: OrganizationContext, ticket: Pick<Ticket, "id">, event: Event): Promise<void> => {
    await ctx.db.insert(ticketMessages).values({
      organizationId: ctx.organizationId,
      ticketId: ticket.id,
      id: newId("ticketMessage", ctx.now),
      from: "system",
      event,
      authorId: ctx.actor.id,
      authorName: ctx.actor.name,
      at: ctx.now,
    });
  },
);

/** Its written request has no record of its own: the ticket's day is the one it is deleted by (T-4.2.3-DEL3). */
const modelKind: TicketKind = "delete_model";

type Changed = Partial<typeof tickets.$inferInsert>;

/** Changes a ticket and tells programs, where its state or its thread is another now. */
export const change = part(async (ctx: OrganizationContext, ticket: Ticket, changed: Changed): Promise<Ticket> => {
  const [after] = await ctx.db
    .update(tickets)
    .set({ ...changed, changedAt: ctx.now })
    .where(its(ticket))
    .returning();
  if (!after) throw new AppError("not_found", "There is no such ticket.");
  if (after.kind === modelKind && isOver(after.state)) await meetDeadline(ctx, "deletion.tuned-model", after.id);
  await tell(ctx, after);
  return after;
});

const tell = (ctx: OrganizationContext, { id, number, kind, state }: Ticket): Promise<void> =>
  publishWebhookEvent(ctx, "ticket.changed", { ticket_id: id, number: numberWords(number), kind, state });

/** The audit row of something done about a ticket, which quotes nothing anyone wrote. */
export const auditTicket = part(
  (
    ctx: OrganizationContext,
    action: AuditAction,
    ticket: Ticket,
    more: Record<string, unknown> = {},
  ): Promise<void> => {
    const { clause } = kindOf(ticket.kind);
    return writeAudit(ctx, {
      action,
      object: { type: "ticket", id: ticket.id },
      after: { number: numberWords(ticket.number), kind: ticket.kind, ...more },
      ...(clause && { clause }),
    });
  },
);

type Composed = (facts: Parameters<typeof receivedLetter>[0]) => Letter;

/** Writes to everyone who takes part and is still a member and to a guest; to the registration contact where no one is left. */
export const tellPeople = part(async (ctx: OrganizationContext, ticket: Ticket, composed: Composed): Promise<void> => {
  const { organizationId } = ctx;
  const added = ctx.db
    .select({ id: ticketPeople.userId })
    .from(ticketPeople)
    .where(and(eq(ticketPeople.organizationId, organizationId), eq(ticketPeople.ticketId, ticket.id)));
  const people = await ctx.db
    .select({ email: users.email, name: users.name })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        or(ticket.requesterId ? eq(users.id, ticket.requesterId) : undefined, inArray(users.id, sql`(${added})`)),
      ),
    );
  const outside =
    people.length > 0 && ticket.guestEmail === null
      ? []
      : await ctx.db
          .select({ email: contactOf(ticket), name: organizations.name })
          .from(organizations)
          .where(eq(organizations.id, organizationId));
  const facts = { organizationId, workspaceId: ticket.workspaceId, ticket, legalDueAt: ticket.legalDueAt };
  for (const to of [...outside, ...people]) await post(ctx, composed({ to, ...facts }));
});

const contactOf = ({ guestEmail }: Ticket) =>
  sql<string>`coalesce(${guestEmail}::text, ${organizations.registrationEmail})`;

type Opening = Said & {
  kind: TicketKind;
  subject: string;
  details?: Record<string, string>;
  recordId?: string;
  followsId?: Id<"ticket">;
  /** Of someone without an account. */
  guestEmail?: string;
};

async function workspaceOf(ctx: OrganizationContext | Context): Promise<Id<"workspace"> | null> {
  if ("workspaceId" in ctx) return ctx.workspaceId;
  const [first] = await ctx.db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), workspaces.isDefault));
  return first?.id ?? null;
}

/** Makes a ticket with its first message, and writes to who opened it. */
export const beginTicket = part(async (ctx: OrganizationContext | Context, given: Opening): Promise<Ticket> => {
  const { organizationId } = ctx;
  const { kind, subject, details = {}, recordId, followsId, guestEmail } = given;
  const id = newId("ticket", ctx.now);
  const sealer = await newHelpSealer(id);
  const [made] = await ctx.db
    .insert(tickets)
    .values({
      organizationId,
      id,
      workspaceId: await workspaceOf(ctx),
      kind,
      state: "open",
      subject,
      key: sealer.wrapped,
      details: sealer.text(JSON.stringify(details), id),
      ...(guestEmail === undefined ? { requesterId: memberBehind(ctx.actor) } : { guestEmail }),
      createdAt: ctx.now,
      changedAt: ctx.now,
      firstDueAt: await answerDueNow(ctx),
      legalDueAt: legalDue(ctx.now, kindOf(kind).legalDays),
      ...(recordId && { recordId }),
      ...(followsId && { followsId }),
    })
    .returning();
  if (!made) throw new AppError("unavailable", "The ticket could not be kept.");
  await say(ctx, made, "customer", given);
  if (kind === modelKind && made.legalDueAt) {
    const subject = { kind: "ticket", id } as const;
    await openDeadline(ctx, { clock: "deletion.tuned-model", subject, dueAt: made.legalDueAt });
  }
  await tell(ctx, made);
  await auditTicket(ctx, "help.open", made, followsId ? { follows: followsId } : {});
  await tellPeople(ctx, made, receivedLetter);
  return made;
});
