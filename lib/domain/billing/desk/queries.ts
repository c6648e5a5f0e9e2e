import { and, asc, eq, exists, gt, ilike, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { billingAccounts, billingCycles, invoices } from "#db/schema/billing.ts";
import { disputes } from "#db/schema/disputes.ts";
import { organizations } from "#db/schema/organizations.ts";
import { dunningSteps, paymentDifferences } from "#db/schema/payments.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import type { ListPlace, Sort } from "#lib/core/list/rules.ts";
import { nextStepAt } from "#lib/domain/billing/dunning/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import type { AccountFilter, LateFilter } from "./input.ts";
import { accountOrder, lateOrder, type StandingName } from "./rules.ts";
import type { AccountRow, DeskCounts, LateAccount, StuckCycle } from "./view.ts";

const shown = {
  organizationId: billingAccounts.organizationId,
  organizationName: organizations.name,
  provider: billingAccounts.provider,
  livemode: billingAccounts.livemode,
  collection: billingAccounts.collection,
  pastDueSince: billingAccounts.pastDueSince,
  blockedAt: billingAccounts.blockedAt,
  blockedReason: billingAccounts.blockedReason,
  createdAt: billingAccounts.createdAt,
};

/** What `standingOf` says of an account, as a condition; a test holds the two together. */
const stands = (standing: StandingName | undefined): SQL | undefined =>
  standing &&
  {
    blocked: isNotNull(billingAccounts.blockedAt),
    past_due: and(isNull(billingAccounts.blockedAt), isNotNull(billingAccounts.pastDueSince)),
    good: and(isNull(billingAccounts.blockedAt), isNull(billingAccounts.pastDueSince)),
  }[standing];

/** A part of the organization's name or of the name invoices are made out to, a billing address, or an id. */
const named = (q: string | undefined): SQL | undefined =>
  q === undefined
    ? undefined
    : or(
        ilike(organizations.name, containing(q)),
        ilike(billingAccounts.name, containing(q)),
        sql`exists (select from unnest(${billingAccounts.emails}) as address where address ilike ${containing(q)})`,
        isId("organization", q) ? eq(billingAccounts.organizationId, q) : undefined,
      );

type Listed<S extends string> = {
  keys: Parameters<typeof keysetPage<S, AccountRow & { id: string; place: string }>>[1]["keys"];
  first: Sort<S>;
  matches: SQL | undefined;
};

/** A page of the accounts that a condition leaves. */
async function accountsWhere<S extends string>(
  ctx: AccountContext,
  asked: ListPlace<S>,
  { keys, first, matches }: Listed<S>,
): Promise<ListPage<AccountRow>> {
  const page = await keysetPage(
    asked,
    { keys, first, id: billingAccounts.organizationId },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...shown, plan: planColumn(ctx.now), id: billingAccounts.organizationId, place })
          .from(billingAccounts)
          .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db
          .select(sums)
          .from(billingAccounts)
          .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
          .where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ id: _id, place: _place, ...row }) => row) };
}

/** A page of all customers who are billed; what was used and paid is seen with a reason only. */
export async function accountPage(ctx: AccountContext, asked: AccountFilter): Promise<ListPage<AccountRow>> {
  authorize(ctx.actor, "billing.decide");
  return accountsWhere(ctx, asked, {
    keys: { name: nameKey(organizations.name), created: instantKey(billingAccounts.createdAt) },
    first: accountOrder,
    matches: and(stands(asked.standing), named(asked.q)),
  });
}

/** Invoices of an account that are due and of which something can be asked for, as `collectibleOf` says it. */
const overdue = ({ now }: AccountContext) =>
  and(
    eq(invoices.state, "open"),
    lte(invoices.dueAt, now),
    sql`${invoices.dueCents} - ${invoices.paidCents} - ${invoices.creditedCents} - ${invoices.creditUsedCents} > ${invoices.disputedCents}`,
  );

const overdueOf = (ctx: AccountContext) =>
  ctx.db
    .select({ due: sql`min(${invoices.dueAt})` })
    .from(invoices)
    .where(and(eq(invoices.organizationId, billingAccounts.organizationId), overdue(ctx)));

const isLate = (ctx: AccountContext): SQL | undefined =>
  or(
    isNotNull(billingAccounts.pastDueSince),
    isNotNull(billingAccounts.blockedAt),
    exists(
      ctx.db
        .select({ id: invoices.id })
        .from(invoices)
        .where(and(eq(invoices.organizationId, billingAccounts.organizationId), overdue(ctx))),
    ),
  );

/** A page of the accounts that owe what is due, what was due first first: why, how much, and what comes next. */
export async function lateAccounts(ctx: AccountContext, asked: LateFilter): Promise<ListPage<LateAccount>> {
  authorize(ctx.actor, "billing.decide");
  const page = await accountsWhere(ctx, asked, {
    keys: { due: instantKey(sql`(${overdueOf(ctx)})`), name: nameKey(organizations.name) },
    first: lateOrder,
    matches: and(isLate(ctx), stands(asked.standing), named(asked.q)),
  });
  const ids = page.rows.map(({ organizationId }) => organizationId);
  const [debts, steps] = await Promise.all([
    ctx.db
      .select()
      .from(invoices)
      .where(and(inArray(invoices.organizationId, ids), overdue(ctx))),
    ctx.db.select().from(dunningSteps).where(inArray(dunningSteps.organizationId, ids)).orderBy(asc(dunningSteps.at)),
  ]);
  const stepsTo = (id: string) => steps.filter(({ invoiceId }) => invoiceId === id);
  const rows = page.rows.map((row): LateAccount => {
    const its = debts.filter(({ organizationId }) => organizationId === row.organizationId);
    const taken = its.flatMap(({ id }) => stepsTo(id)).filter(({ did }) => did !== "skipped");
    const coming = its.flatMap(
      ({ id, dueAt }) =>
        (dueAt &&
          nextStepAt(
            dueAt,
            stepsTo(id).map(({ day }) => day),
          )) ??
        [],
    );
    return {
      ...row,
      dueAt: earliest(its.flatMap(({ dueAt }) => dueAt ?? [])),
      owedCents: its.reduce((sum, one) => sum + collectibleOf(one), 0n),
      invoices: its.length,
      lastStep: taken.toSorted((a, b) => a.at.getTime() - b.at.getTime()).at(-1) ?? null,
      nextStepAt: earliest(coming),
    };
  });
  return { ...page, rows };
}

const earliest = (dates: readonly Date[]): Date | null =>
  dates.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;

const isStuck = ({ now }: AccountContext) =>
  and(eq(billingCycles.state, "open"), lt(billingCycles.month, monthOf(now)));

/** Months that are over and could not be closed yet, the oldest first. */
export async function stuckCycles(ctx: AccountContext): Promise<StuckCycle[]> {
  authorize(ctx.actor, "billing.decide");
  return ctx.db
    .select({
      organizationId: billingCycles.organizationId,
      organizationName: organizations.name,
      month: billingCycles.month,
      problem: billingCycles.problem,
    })
    .from(billingCycles)
    .innerJoin(organizations, eq(organizations.id, billingCycles.organizationId))
    .where(isStuck(ctx))
    .orderBy(asc(billingCycles.month), asc(organizations.name))
    .limit(200);
}

/** How much waits on each part of the desk. */
export async function deskCounts(ctx: AccountContext): Promise<DeskCounts> {
  authorize(ctx.actor, "billing.decide");
  const [open, late, differences, cycles, trainings] = await Promise.all([
    ctx.db.$count(disputes, eq(disputes.state, "open")),
    ctx.db.$count(billingAccounts, isLate(ctx)),
    ctx.db.$count(paymentDifferences, isNull(paymentDifferences.resolvedAt)),
    ctx.db.$count(billingCycles, isStuck(ctx)),
    ctx.db.$count(tuningJobs, gt(tuningJobs.creditDuePico, 0n)),
  ]);
  return { disputes: open, late, differences, cycles: cycles + trainings };
}
