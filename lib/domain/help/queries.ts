import { and, asc, eq, exists, ilike, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { ticketFiles, ticketMessages, ticketPeople, ticketRatings, tickets, ticketWords } from "#db/schema/help.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { searchWord } from "#lib/core/search-word.ts";
import type { SentKind } from "#lib/core/sent-files.ts";
import { isWithin, rateDays } from "./clocks/rules.ts";
import type { TicketFilter } from "./input.ts";
import { recordOf } from "./records/queries.ts";
import { effectOfReply, numberIn, ticketOrder, wordsOf } from "./rules.ts";
import { type HelpSealer, helpSealer } from "./sealing/queries.ts";
import type { Message, Rating, TicketDetail, TicketRow } from "./view.ts";

/** The tickets a customer sees: their own, those they were added to, and as an admin all of the organization's. */
export function isSeen(ctx: OrganizationContext): SQL | undefined {
  if (can(ctx.actor, "help.write-organization")) return undefined;
  const me = ctx.actor.id as Id<"user">;
  const added = ctx.db
    .select({ one: sql`1` })
    .from(ticketPeople)
    .where(
      and(
        eq(ticketPeople.organizationId, tickets.organizationId),
        eq(ticketPeople.ticketId, tickets.id),
        eq(ticketPeople.userId, me),
      ),
    );
  return or(eq(tickets.requesterId, me), exists(added));
}

/** Finds tickets by their number, a part of their subject, or whole words of what was written. */
export function isAbout(ctx: AccountContext, q: string): SQL | undefined {
  const number = numberIn(q);
  const words = wordsOf(q).map(searchWord);
  // Found once, whatever the number of tickets: the words of all tickets are one index.
  const written = ctx.db
    .select({ id: ticketWords.ticketId })
    .from(ticketWords)
    .where(inArray(ticketWords.word, words))
    .groupBy(ticketWords.ticketId)
    .having(sql`count(*) = ${words.length}`);
  return or(
    number === null ? undefined : eq(tickets.number, number),
    ilike(tickets.subject, containing(q)),
    words.length > 0 ? inArray(tickets.id, written) : undefined,
  );
}

/** Who opened a ticket; someone without an account has no name here. */
export const requesterName = sql<string>`coalesce(${users.name}, 'Guest')`;

/** Never what is for staff alone. */
const shown = {
  id: tickets.id,
  number: tickets.number,
  workspaceId: tickets.workspaceId,
  kind: tickets.kind,
  state: tickets.state,
  subject: tickets.subject,
  createdAt: tickets.createdAt,
  changedAt: tickets.changedAt,
  firstDueAt: tickets.firstDueAt,
  firstAnsweredAt: tickets.firstAnsweredAt,
  nextDueAt: tickets.nextDueAt,
  legalDueAt: tickets.legalDueAt,
  followsId: tickets.followsId,
  resolvedAt: tickets.resolvedAt,
  requesterName,
};

const wanted = (ctx: OrganizationContext, { q, state, kind }: TicketFilter): SQL | undefined =>
  and(
    eq(tickets.organizationId, ctx.organizationId),
    isSeen(ctx),
    state && eq(tickets.state, state),
    kind && eq(tickets.kind, kind),
    q ? isAbout(ctx, q) : undefined,
  );

/** A page of the tickets that someone sees, the last changed first. */
export async function ticketPage(ctx: OrganizationContext, asked: TicketFilter): Promise<ListPage<TicketRow>> {
  authorize(ctx.actor, "help.read");
  const matches = wanted(ctx, asked);
  const page = await keysetPage(
    asked,
    {
      keys: { changed: instantKey(tickets.changedAt), opened: instantKey(tickets.createdAt) },
      first: ticketOrder,
      id: tickets.id,
    },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, place })
          .from(tickets)
          .leftJoin(users, eq(users.id, tickets.requesterId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(tickets).where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** A slice of them for programs, the newest first. */
export async function ticketSlice(
  ctx: OrganizationContext,
  asked: { limit: number; before?: Id<"ticket"> | undefined; state?: TicketRow["state"] | undefined },
): Promise<TicketRow[]> {
  authorize(ctx.actor, "help.read");
  return ctx.db
    .select(shown)
    .from(tickets)
    .leftJoin(users, eq(users.id, tickets.requesterId))
    .where(
      and(
        eq(tickets.organizationId, ctx.organizationId),
        isSeen(ctx),
        asked.state && eq(tickets.state, asked.state),
        asked.before && sql`${tickets.id} < ${asked.before}`,
      ),
    )
    .orderBy(sql`${tickets.id} desc`)
    .limit(asked.limit);
}

/** A ticket with its thread, for who sees it. */
export async function ticketOf(ctx: OrganizationContext, id: Id<"ticket">): Promise<TicketDetail> {
  authorize(ctx.actor, "help.read");
  const { organizationId } = ctx;
  const [found] = await ctx.db
    .select({ ...shown, recordId: tickets.recordId, key: tickets.key, details: tickets.details })
    .from(tickets)
    .leftJoin(users, eq(users.id, tickets.requesterId))
    .where(and(eq(tickets.organizationId, organizationId), eq(tickets.id, id), isSeen(ctx)));
  if (!found) throw new AppError("not_found", "There is no such ticket.");
  const { recordId, key, details, ...row } = found;
  const sealer = await helpSealer({ id, key });
  const [messages, people, record, rating] = await Promise.all([
    threadOf(ctx, id, sealer),
    ctx.db
      .select({ id: users.id, name: users.name })
      .from(ticketPeople)
      .innerJoin(users, eq(users.id, ticketPeople.userId))
      .where(and(eq(ticketPeople.organizationId, organizationId), eq(ticketPeople.ticketId, id)))
      .orderBy(asc(users.name)),
    recordOf(ctx, { kind: row.kind, recordId }),
    ratingOf(ctx, id, sealer),
  ]);
  const { resolvedAt } = row;
  return {
    ...row,
    details: JSON.parse(sealer.openText(details, id)) as Record<string, string>,
    messages,
    people,
    record,
    rating,
    effectOfReply: effectOfReply(row, ctx.now),
    canRate: rating === null && resolvedAt !== null && isWithin(resolvedAt, rateDays, ctx.now),
  };
}

async function threadOf(ctx: OrganizationContext, ticketId: Id<"ticket">, sealer: HelpSealer): Promise<Message[]> {
  const { organizationId } = ctx;
  const [messages, files] = await Promise.all([
    ctx.db
      .select()
      .from(ticketMessages)
      .where(and(eq(ticketMessages.organizationId, organizationId), eq(ticketMessages.ticketId, ticketId)))
      // What a message brought about has its instant, and comes after it.
      .orderBy(asc(ticketMessages.at), asc(sql`${ticketMessages.from} = 'system'`), asc(ticketMessages.id)),
    ctx.db
      .select({
        id: ticketFiles.id,
        messageId: ticketFiles.messageId,
        name: ticketFiles.name,
        kind: ticketFiles.kind,
        size: ticketFiles.size,
      })
      .from(ticketFiles)
      .where(and(eq(ticketFiles.organizationId, organizationId), eq(ticketFiles.ticketId, ticketId)))
      .orderBy(asc(ticketFiles.uploadedAt), asc(ticketFiles.name), asc(ticketFiles.id)),
  ]);
  return messages.map(({ body, organizationId: _organization, ticketId: _ticket, ...message }) => ({
    ...message,
    body: body === null ? "" : sealer.openText(body, message.id),
    files: files
      .filter(({ messageId }) => messageId === message.id)
      .map(({ messageId: _message, kind, ...file }) => ({ ...file, kind: kind as SentKind })),
  }));
}

/** The thread as staff read it: the same one. */
export async function deskThread(
  ctx: OrganizationContext,
  ticket: { id: Id<"ticket">; key: Buffer | null },
): Promise<Message[]> {
  authorize(ctx.actor, "tickets.decide");
  return threadOf(ctx, ticket.id, await helpSealer(ticket));
}

async function ratingOf(ctx: OrganizationContext, ticketId: Id<"ticket">, sealer: HelpSealer): Promise<Rating | null> {
  const [found] = await ctx.db
    .select({ isGood: ticketRatings.isGood, words: ticketRatings.words })
    .from(ticketRatings)
    .where(and(eq(ticketRatings.organizationId, ctx.organizationId), eq(ticketRatings.ticketId, ticketId)));
  if (!found) return null;
  return { isGood: found.isGood, words: found.words && sealer.openText(found.words, ticketId) };
}
