import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { searchable } from "#lib/core/list/like.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";

type Kind = AuditRow["actorKind"];

/** An instant, or one row of it: many rows share an instant, and only with its number is a place in the log one place. */
export type Place = { at: Date; sequence?: number | undefined };

export type Asked = {
  kinds?: Kind[] | undefined;
  actions?: string[] | undefined;
  objects?: string[] | undefined;
  actorId?: string | undefined;
  after?: Place | undefined;
  before?: Place | undefined;
  isAscending: boolean;
  limit: number;
};

/** More rows of one instant than this do not come together. */
const mostAtOnce = 1000;

/**
 * Rows of the whole organization's audit log between two places, for programs, by instant and number. A program that goes
 * on from an instant alone would miss its other rows, so those come with the page, beyond the limit.
 */
export async function auditSlice(ctx: OrganizationContext, asked: Asked): Promise<AuditRow[]> {
  authorize(ctx.actor, "audit.read-organization");
  const { after, before, isAscending, limit } = asked;
  const places = and(after && beyond(after, true), before && beyond(before, false));
  const rows = await slice(ctx, asked, places, limit);
  const last = rows.at(-1);
  const goesOn = isAscending ? after : before;
  if (!last || rows.length < limit || goesOn?.sequence !== undefined) return rows;
  const rest = and(eq(auditEvents.at, last.at), (isAscending ? gt : lt)(auditEvents.sequence, last.sequence));
  return [...rows, ...(await slice(ctx, asked, rest, mostAtOnce))];
}

function beyond({ at, sequence }: Place, isLater: boolean): SQL {
  if (sequence === undefined) return (isLater ? gt : lt)(auditEvents.at, at);
  const than = sql.raw(isLater ? ">" : "<");
  return sql`(${auditEvents.at}, ${auditEvents.sequence}) ${than} (${at.toISOString()}::timestamptz, ${sequence}::bigint)`;
}

async function slice(
  ctx: OrganizationContext,
  asked: Asked,
  places: SQL | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const { kinds, actions, objects, actorId, isAscending } = asked;
  const direction = isAscending ? asc : desc;
  return ctx.db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.organizationId, ctx.organizationId),
        kinds && inArray(auditEvents.actorKind, kinds),
        actions && inArray(auditEvents.action, actions.map(searchable)),
        objects && inArray(auditEvents.objectType, objects.map(searchable)),
        actorId ? eq(auditEvents.actorId, actorId) : undefined,
        places,
      ),
    )
    .orderBy(direction(auditEvents.at), direction(auditEvents.sequence))
    .limit(limit);
}
