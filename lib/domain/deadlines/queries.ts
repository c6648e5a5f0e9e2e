import { and, asc, eq, ilike, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { deadlines } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { DeadlineFilter, DeadlineSlice } from "./input.ts";
import type { ClockName, DeadlineShow } from "./rules.ts";
import { labelColumn } from "./subjects/rules.ts";
import type { DeadlineView, DeskDeadline } from "./view.ts";

const columns = {
  id: deadlines.id,
  clock: sql<ClockName>`deadlines.clock`,
  clause: deadlines.clause,
  owner: deadlines.owner,
  subjectKind: deadlines.subjectKind,
  subjectId: deadlines.subjectId,
  label: sql<string | null>`${sql.raw(labelColumn)}`,
  openedAt: deadlines.openedAt,
  dueAt: deadlines.dueAt,
  brokenAt: deadlines.brokenAt,
  metAt: deadlines.metAt,
  cancelledAt: deadlines.cancelledAt,
};

const isOpen = and(isNull(deadlines.metAt), isNull(deadlines.cancelledAt));

const shows: Readonly<Record<DeadlineShow, SQL | undefined>> = {
  open: isOpen,
  broken: and(isOpen, isNotNull(deadlines.brokenAt)),
  over: or(isNotNull(deadlines.metAt), isNotNull(deadlines.cancelledAt)),
};

/** The deadlines of every customer in one queue, the earliest first. Names no one but the customer. */
export async function deskDeadlines(
  ctx: AccountContext,
  asked: DeadlineFilter & { organizationId?: Id<"organization"> },
): Promise<ListPage<DeskDeadline>> {
  authorize(ctx.actor, "deadlines.read");
  const matches = and(
    shows[asked.show ?? "open"],
    asked.owner && eq(deadlines.owner, asked.owner),
    asked.organizationId && eq(deadlines.organizationId, asked.organizationId),
    asked.q
      ? or(ilike(organizations.name, containing(asked.q)), ilike(deadlines.clause, containing(asked.q)))
      : undefined,
  );
  const page = await keysetPage(
    asked,
    {
      keys: { due: instantKey(deadlines.dueAt), opened: instantKey(deadlines.openedAt) },
      first: "due",
      id: deadlines.id,
    },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({
            ...columns,
            organizationId: deadlines.organizationId,
            organizationName: organizations.name,
            place,
          })
          .from(deadlines)
          .innerJoin(organizations, eq(organizations.id, deadlines.organizationId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(deadlines)
          .innerJoin(organizations, eq(organizations.id, deadlines.organizationId))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** The organization's own deadlines, the earliest first, from where a program goes on. */
export async function deadlineSlice(
  ctx: OrganizationContext,
  { show, after, limit }: DeadlineSlice,
): Promise<DeadlineView[]> {
  authorize(ctx.actor, "contract.read");
  const beyond = after
    ? sql`(${deadlines.dueAt}, ${deadlines.id}) > (select last.due_at, last.id from deadlines as last
        where last.organization_id = ${ctx.organizationId} and last.id = ${after})`
    : undefined;
  return ctx.db
    .select(columns)
    .from(deadlines)
    .where(and(eq(deadlines.organizationId, ctx.organizationId), shows[show], beyond))
    .orderBy(asc(deadlines.dueAt), asc(deadlines.id))
    .limit(limit);
}
