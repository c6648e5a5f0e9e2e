import { and, asc, eq, gt, ilike, isNotNull, isNull, lte, ne, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { ticketNotes, ticketRatings, tickets, ticketWatchers } from "#db/schema/help.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { deskThread, isAbout, requesterName } from "#lib/domain/help/queries.ts";
import { deskRecordOf } from "#lib/domain/help/records/queries.ts";
import { type HelpSealer, helpSealer } from "#lib/domain/help/sealing/queries.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import type { QueueFilter } from "./input.ts";
import { type QueueShow, watchMinutes } from "./rules.ts";
import type { DeskTicket, Note, QueueRow } from "./view.ts";

const { details: _sealed, ...columns } = {
  organizationId: tickets.organizationId,
  id: tickets.id,
  number: tickets.number,
  workspaceId: tickets.workspaceId,
  kind: tickets.kind,
  state: tickets.state,
  subject: tickets.subject,
  details: tickets.details,
  requesterId: tickets.requesterId,
  guestEmail: tickets.guestEmail,
  createdAt: tickets.createdAt,
  changedAt: tickets.changedAt,
  firstDueAt: tickets.firstDueAt,
  firstAnsweredAt: tickets.firstAnsweredAt,
  nextDueAt: tickets.nextDueAt,
  legalDueAt: tickets.legalDueAt,
  claimedBy: tickets.claimedBy,
  claimedName: tickets.claimedName,
  claimedUntil: tickets.claimedUntil,
  snoozedUntil: tickets.snoozedUntil,
  followsId: tickets.followsId,
  recordId: tickets.recordId,
  reopened: tickets.reopened,
  resolvedAt: tickets.resolvedAt,
  closedAt: tickets.closedAt,
};

const listed = { ...columns, organizationName: organizations.name, requesterName };

/** The answer that is due next, as `dueOf` tells it. */
const due = sql`case when ${tickets.state} <> 'open' then null
  when ${tickets.firstAnsweredAt} is null then ${tickets.firstDueAt} else ${tickets.nextDueAt} end`;

const isClaimed = (at: Date): SQL | undefined => gt(tickets.claimedUntil, at);
const isPutOff = (at: Date): SQL | undefined => gt(tickets.snoozedUntil, at);
const isUnfinished = sql`${tickets.state} in ('open', 'waiting')`;

/** What has a day by law comes first, then what is late, then what is due, and last what waits for the customer. */
const urgency = (at: Date) => ({
  by: sql`case
    when ${isUnfinished} and ${tickets.legalDueAt} is not null then extract(epoch from ${tickets.legalDueAt})
    when ${due} <= ${at.toISOString()}::timestamptz then 1e12 + extract(epoch from ${due})
    when ${due} is not null then 2e12 + extract(epoch from ${due})
    else 3e12 + extract(epoch from ${tickets.createdAt}) end`,
  isNumber: true,
});

function shows(ctx: AccountContext, show: QueueShow): SQL | undefined {
  const { now } = ctx;
  const awake = and(isUnfinished, or(isNull(tickets.snoozedUntil), lte(tickets.snoozedUntil, now)));
  const free = or(isNull(tickets.claimedUntil), lte(tickets.claimedUntil, now));
  const mine = and(eq(tickets.claimedBy, ctx.actor.id as Id<"user">), isClaimed(now));
  const late = sql`(${due} < ${now.toISOString()}::timestamptz or ${tickets.legalDueAt} < ${now.toISOString()}::timestamptz)`;
  return {
    todo: awake,
    mine: and(isUnfinished, mine),
    unclaimed: and(awake, eq(tickets.state, "open"), free),
    breached: and(isUnfinished, late),
    snoozed: and(isUnfinished, isPutOff(now)),
    over: sql`${tickets.state} in ('resolved', 'closed')`,
  }[show];
}

/** The queue of all customers' tickets. A ticket is addressed to staff: no reason to look is asked for. */
export async function queuePage(ctx: AccountContext, asked: QueueFilter): Promise<ListPage<QueueRow>> {
  authorize(ctx.actor, "desk.read");
  const { q, kind } = asked;
  const matches = and(
    // A search looks everywhere, unless it is told where.
    q && !asked.show ? undefined : shows(ctx, asked.show ?? "todo"),
    kind && eq(tickets.kind, kind),
    q ? or(isAbout(ctx, q), ilike(organizations.name, containing(q))) : undefined,
  );
  const page = await keysetPage(
    asked,
    { keys: { due: urgency(ctx.now), opened: instantKey(tickets.createdAt) }, first: "due", id: tickets.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...listed, place })
          .from(tickets)
          .innerJoin(organizations, eq(organizations.id, tickets.organizationId))
          .leftJoin(users, eq(users.id, tickets.requesterId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(tickets)
          .innerJoin(organizations, eq(organizations.id, tickets.organizationId))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** How many tickets of each part of the queue there are, for the desk's navigation. */
export async function queueCounts(ctx: AccountContext): Promise<{ unclaimed: number; breached: number }> {
  authorize(ctx.actor, "desk.read");
  const [unclaimed, breached] = await Promise.all([
    ctx.db.$count(tickets, shows(ctx, "unclaimed")),
    ctx.db.$count(tickets, shows(ctx, "breached")),
  ]);
  return { unclaimed, breached };
}

/** A ticket with everything staff see of it. */
export async function deskTicket(ctx: AccountContext, id: Id<"ticket">): Promise<DeskTicket> {
  authorize(ctx.actor, "tickets.decide");
  const before = alias(tickets, "before");
  const [found] = await ctx.db
    .select({
      ...listed,
      key: tickets.key,
      details: tickets.details,
      plan: planColumn(ctx.now),
      followsNumber: before.number,
    })
    .from(tickets)
    .innerJoin(organizations, eq(organizations.id, tickets.organizationId))
    .leftJoin(users, eq(users.id, tickets.requesterId))
    .leftJoin(before, eq(before.id, tickets.followsId))
    .where(eq(tickets.id, id));
  if (!found) throw new AppError("not_found", "There is no such ticket.");
  const inside = inOrganization(ctx, found.organizationId);
  const sealer = await helpSealer(found);
  const [messages, notes, record, rating, watchers] = await Promise.all([
    deskThread(inside, found),
    notesOf(ctx, found, sealer),
    deskRecordOf(inside, found),
    ratingOf(ctx, found, sealer),
    watchersOf(ctx, found),
  ]);
  const { key: _key, details, ...shown } = found;
  const { claimedBy, claimedUntil } = found;
  return {
    ...shown,
    details: JSON.parse(sealer.openText(details, id)) as Record<string, string>,
    messages,
    notes,
    record,
    rating,
    watchers,
    isClaimedByOther:
      claimedBy !== null && claimedBy !== ctx.actor.id && claimedUntil !== null && claimedUntil > ctx.now,
  };
}

type Named = { organizationId: Id<"organization">; id: Id<"ticket"> };

async function notesOf(ctx: AccountContext, { organizationId, id }: Named, sealer: HelpSealer): Promise<Note[]> {
  const rows = await ctx.db
    .select()
    .from(ticketNotes)
    .where(and(eq(ticketNotes.organizationId, organizationId), eq(ticketNotes.ticketId, id)))
    .orderBy(asc(ticketNotes.id));
  return rows.map(({ id, authorName, body, at }) => ({ id, authorName, body: sealer.openText(body, id), at }));
}

async function ratingOf(ctx: AccountContext, { organizationId, id }: Named, sealer: HelpSealer) {
  const [found] = await ctx.db
    .select({ isGood: ticketRatings.isGood, words: ticketRatings.words })
    .from(ticketRatings)
    .where(and(eq(ticketRatings.organizationId, organizationId), eq(ticketRatings.ticketId, id)));
  return found ? { isGood: found.isGood, words: found.words && sealer.openText(found.words, id) } : null;
}

async function watchersOf(ctx: AccountContext, { organizationId, id }: Named): Promise<string[]> {
  const rows = await ctx.db
    .select({ name: ticketWatchers.name })
    .from(ticketWatchers)
    .where(
      and(
        eq(ticketWatchers.organizationId, organizationId),
        eq(ticketWatchers.ticketId, id),
        ne(ticketWatchers.staffId, ctx.actor.id as Id<"user">),
        gt(ticketWatchers.at, addMinutes(ctx.now, -watchMinutes)),
      ),
    )
    .orderBy(asc(ticketWatchers.name));
  return rows.map(({ name }) => name);
}

export const isLeftUnclaimed = (at: Date): SQL | undefined =>
  and(isNotNull(tickets.claimedUntil), lte(tickets.claimedUntil, at));
