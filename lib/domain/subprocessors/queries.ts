import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { legalNotices } from "#db/schema/contract.ts";
import { subprocessors } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { SubprocessorFacts } from "./letters.ts";
import type { PendingSubprocessor, Subprocessor } from "./view.ts";

const columns = {
  id: subprocessors.id,
  name: subprocessors.name,
  purpose: subprocessors.purpose,
  location: subprocessors.location,
  data: subprocessors.data,
  url: subprocessors.url,
};

/** Every one there is, was or is announced, as everyone may read. */
export async function allSubprocessors(ctx: AccountContext): Promise<Subprocessor[]> {
  authorize(ctx.actor, "account.open");
  return ctx.db
    .select({
      ...columns,
      announcedAt: subprocessors.announcedAt,
      plannedAt: subprocessors.plannedAt,
      removedAt: subprocessors.removedAt,
    })
    .from(subprocessors)
    .orderBy(asc(sql`lower(${subprocessors.name})`), asc(subprocessors.id));
}

/** What a notice says of one. */
export async function subprocessorFacts(ctx: OrganizationContext, id: string): Promise<SubprocessorFacts> {
  authorize(ctx.actor, "organization.read");
  const [found] = await ctx.db
    .select({ ...columns, plannedAt: subprocessors.plannedAt })
    .from(subprocessors)
    .where(eq(subprocessors.id, id as Id<"subprocessor">));
  if (!found) throw new AppError("not_found", "There is no such subprocessor.");
  return found;
}

/** Those that were announced to this customer and are not added for them yet: from the notice until their own date. */
export async function pendingSubprocessors(ctx: OrganizationContext): Promise<PendingSubprocessor[]> {
  authorize(ctx.actor, "organization.read");
  const rows = await ctx.db
    .select({ ...columns, noticedAt: legalNotices.noticedAt, startsAt: legalNotices.effectiveAt })
    .from(legalNotices)
    .innerJoin(subprocessors, sql`${subprocessors.id} = ${legalNotices.aboutId}`)
    .where(
      and(
        eq(legalNotices.organizationId, ctx.organizationId),
        eq(legalNotices.about, "subprocessor"),
        gt(legalNotices.effectiveAt, ctx.now),
        isNull(subprocessors.removedAt),
      ),
    )
    .orderBy(asc(legalNotices.effectiveAt), asc(subprocessors.id));
  return rows.flatMap(({ noticedAt, startsAt, ...one }) =>
    noticedAt && startsAt ? { ...one, noticedAt, startsAt } : [],
  );
}
