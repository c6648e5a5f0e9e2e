import { and, asc, count, desc, eq, gt, gte, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { auditChecks, auditEvents, auditHeads } from "#db/schema/audit.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import { addDays, startOfDay } from "#lib/core/clock.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import { pageSize } from "#lib/core/list/rules.ts";
import type { AuditFilter } from "./input.ts";
import type { Flaw } from "./rules.ts";
import type { AuditRow } from "./view.ts";
import { isNamedLike } from "./words/queries.ts";
import { actionsLike } from "./words/rules.ts";

const batchSize = 1000;
const shownActions = 40;

/** Admins of the organization see all of it; the person who may only look at a workspace sees what happened in there. */
const mine = (ctx: Context): SQL | undefined =>
  and(
    eq(auditEvents.organizationId, ctx.organizationId),
    can(ctx.actor, "audit.read-organization") ? undefined : eq(auditEvents.workspaceId, ctx.workspaceId),
  );

/** A part of a name, of the actor or of the object, or of what happened in words; or an id. */
function about(ctx: Context, q: string): SQL | undefined {
  const actions = actionsLike(q);
  return or(
    ilike(auditEvents.actorName, containing(q)),
    eq(auditEvents.objectId, q),
    actions.length > 0 ? inArray(auditEvents.action, actions) : undefined,
    sql`coalesce(${auditEvents.after}, ${auditEvents.before}) ->> 'name' ilike ${containing(q)}`,
    isNamedLike(ctx, sql`${auditEvents.objectId}`, q),
  );
}

const matching = (ctx: Context, { q, kind, actor, action, object, clause, from, to }: AuditFilter): SQL | undefined =>
  and(
    mine(ctx),
    q ? about(ctx, q) : undefined,
    kind && eq(auditEvents.actorKind, kind),
    actor ? or(ilike(auditEvents.actorName, containing(actor)), eq(auditEvents.actorId, actor)) : undefined,
    action ? ilike(auditEvents.action, containing(action)) : undefined,
    object ? or(eq(auditEvents.objectType, object), eq(auditEvents.objectId, object)) : undefined,
    clause ? ilike(auditEvents.clause, containing(clause)) : undefined,
    from ? gte(auditEvents.at, startOfDay(from)) : undefined,
    to ? lt(auditEvents.at, addDays(startOfDay(to), 1)) : undefined,
  );

/** A page of the log, newest first, with the rows that lead to its neighbours, and where it is in the log. */
export type AuditPage = { rows: AuditRow[]; newer: number | null; older: number | null; first: number; total: number };

export async function auditPage(ctx: Context, filter: AuditFilter): Promise<AuditPage> {
  authorize(ctx.actor, "audit.read");
  const { before, after } = filter;
  const backwards = after !== undefined;
  const place = backwards ? gt(auditEvents.sequence, after) : before ? lt(auditEvents.sequence, before) : undefined;
  const found = await ctx.db
    .select()
    .from(auditEvents)
    .where(and(matching(ctx, filter), place))
    .orderBy(backwards ? asc(auditEvents.sequence) : desc(auditEvents.sequence))
    .limit(pageSize + 1);
  const more = found.length > pageSize;
  const rows = backwards ? found.slice(0, pageSize).toReversed() : found.slice(0, pageSize);
  const [isNotNewest, isNotOldest] = backwards ? [more, true] : [before !== undefined, more];
  const counts = isNotNewest || isNotOldest ? await countsOf(ctx, filter, rows[0]) : { first: 1, total: rows.length };
  return {
    rows,
    ...counts,
    newer: isNotNewest ? (rows[0]?.sequence ?? null) : null,
    older: isNotOldest ? (rows.at(-1)?.sequence ?? null) : null,
  };
}

async function countsOf(ctx: Context, filter: AuditFilter, top: AuditRow | undefined) {
  const later = sql<number>`count(*) filter (where ${auditEvents.sequence} > ${top?.sequence ?? 0})`.mapWith(Number);
  const [sums] = await ctx.db.select({ total: count(), later }).from(auditEvents).where(matching(ctx, filter));
  return { first: (sums?.later ?? 0) + 1, total: sums?.total ?? 0 };
}

export async function auditEvent(ctx: Context, id: string): Promise<AuditRow> {
  authorize(ctx.actor, "audit.read");
  const [row] = isId("audit", id)
    ? await ctx.db
        .select()
        .from(auditEvents)
        .where(and(mine(ctx), eq(auditEvents.id, id)))
    : [];
  if (!row) throw new AppError("not_found", "There is no such row in this audit log.");
  return row;
}

/** What was done lately, to choose from. */
export async function recentActions(ctx: Context): Promise<string[]> {
  authorize(ctx.actor, "audit.read");
  const recent = ctx.db
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(mine(ctx))
    .orderBy(desc(auditEvents.sequence))
    .limit(5000)
    .as("recent");
  const rows = await ctx.db
    .selectDistinct({ action: recent.action })
    .from(recent)
    .orderBy(recent.action)
    .limit(shownActions);
  return rows.map(({ action }) => action);
}

/** Every row a filter leaves, oldest first, in batches; each is a question of its own, so a slow reader holds nothing. */
export function auditLines(ctx: Context, filter: AuditFilter): AsyncGenerator<AuditRow[]> {
  authorize(ctx.actor, "audit.read");
  return batches(ctx, filter);
}

async function* batches(ctx: Context, filter: AuditFilter): AsyncGenerator<AuditRow[]> {
  for (let last = 0; ; ) {
    const rows = await ctx.db
      .select()
      .from(auditEvents)
      .where(and(matching(ctx, filter), gt(auditEvents.sequence, last)))
      .orderBy(asc(auditEvents.sequence))
      .limit(batchSize);
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) return;
    last = rows.at(-1)?.sequence ?? last;
  }
}

/** How the chain stands: its last row, what is wrong with it if anything, and when all of it was last gone through. */
export type ChainState = { sequence: number; hash: string; flaw: Flaw | null; checkedAt: Date | null };

/** Checks the organization's chain from where the last check of all of it ended. */
export async function chainState(ctx: OrganizationContext): Promise<ChainState> {
  authorize(ctx.actor, "audit.read");
  const { organizationId } = ctx;
  const [checked] = await ctx.db.select().from(auditChecks).where(eq(auditChecks.organizationId, organizationId));
  const [head] = await ctx.db.select().from(auditHeads).where(eq(auditHeads.organizationId, organizationId));
  const from = checked && checked.flaw === null ? checked : { sequence: 0, hash: "" };
  const [flaw] = await ctx.db.execute<Flaw>(
    sql`select "organizationId", sequence::float8, id, kind from audit_flaws(${organizationId}, ${from.sequence}, ${from.hash}) order by sequence limit 1`,
  );
  return {
    sequence: head?.sequence ?? 0,
    hash: head?.hash ?? "",
    flaw: flaw ?? null,
    checkedAt: checked?.checkedAt ?? null,
  };
}
