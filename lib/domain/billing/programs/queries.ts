import { and, asc, desc, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { billingAccounts, billingCycles, creditGrants, invoices } from "#db/schema/billing.ts";
import { organizations } from "#db/schema/organizations.ts";
import { spendMonths } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { monthAfter, nextThreshold } from "#lib/domain/billing/cycles/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import type { BillingNow } from "./view.ts";

type Asked = {
  kind?: Invoice["kind"] | undefined;
  state?: Invoice["state"] | undefined;
  /** The first day of the month a document belongs to. */
  month?: string | undefined;
  after?: Id<"invoice"> | undefined;
  limit: number;
};

/** Documents for programs, newest first, after one of them; ids are in the order of issue. */
export async function invoiceSlice(
  ctx: OrganizationContext,
  { kind, state, month, after, limit }: Asked,
): Promise<{ rows: Invoice[]; hasMore: boolean }> {
  authorize(ctx.actor, "billing.read");
  const found = await ctx.db
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, ctx.organizationId),
        kind && eq(invoices.kind, kind),
        state && eq(invoices.state, state),
        month ? eq(invoices.month, month) : undefined,
        after && lt(invoices.id, after),
      ),
    )
    .orderBy(desc(invoices.id))
    .limit(limit + 1);
  return { rows: found.slice(0, limit), hasMore: found.length > limit };
}

/** How an organization's billing stands now, for programs; without an account nothing was ever billed. */
export async function billingNow(ctx: OrganizationContext): Promise<BillingNow> {
  authorize(ctx.actor, "billing.read");
  const { organizationId } = ctx;
  const month = monthOf(ctx.now);
  const [terms, [organization], [used], [cycle], documents, creditCents] = await Promise.all([
    billingTerms(ctx),
    ctx.db
      .select({
        plan: organizations.plan,
        pastDueSince: billingAccounts.pastDueSince,
        blockedAt: billingAccounts.blockedAt,
        blockedReason: billingAccounts.blockedReason,
      })
      .from(organizations)
      .leftJoin(billingAccounts, eq(billingAccounts.organizationId, organizations.id))
      .where(eq(organizations.id, organizationId)),
    ctx.db
      .select({ pico: spendMonths.settledPico })
      .from(spendMonths)
      .where(
        and(
          eq(spendMonths.organizationId, organizationId),
          eq(spendMonths.scope, "organization"),
          eq(spendMonths.scopeId, organizationId),
          eq(spendMonths.month, month),
        ),
      ),
    ctx.db
      .select({ floorCents: billingCycles.floorCents })
      .from(billingCycles)
      .where(and(eq(billingCycles.organizationId, organizationId), eq(billingCycles.month, month))),
    documentsNow(ctx, month),
    creditNow(ctx),
  ]);
  if (!organization) throw new AppError("not_found", "There is no such organization.");
  const advances = documents.filter((one) => one.kind === "advance" && one.month === month);
  const usedPico = used?.pico ?? 0n;
  const reached = [usedPico / 10_000_000_000n, cycle?.floorCents ?? 0n, ...advances.flatMap(chargedTo)];
  return {
    ...organization,
    month,
    usedPico,
    thresholds: terms.thresholds,
    nextThresholdCents: nextThreshold(terms.thresholds, largest(reached)),
    advances,
    creditCents,
    owedCents: documents.reduce((sum, one) => sum + (one.state === "open" ? collectibleOf(one) : 0n), 0n),
    nextInvoiceOn: monthAfter(month),
  };
}

const chargedTo = ({ thresholdCents }: Invoice): bigint[] => (thresholdCents === null ? [] : [thresholdCents]);
const largest = (amounts: readonly bigint[]): bigint => amounts.reduce((most, one) => (one > most ? one : most), 0n);

/** What is open, and the month's advances whatever became of them. */
const documentsNow = ({ db, organizationId }: OrganizationContext, month: string): Promise<Invoice[]> =>
  db
    .select()
    .from(invoices)
    .where(
      and(
        eq(invoices.organizationId, organizationId),
        or(eq(invoices.state, "open"), and(eq(invoices.month, month), eq(invoices.kind, "advance"))),
      ),
    )
    .orderBy(asc(invoices.id));

async function creditNow({ db, now, organizationId }: OrganizationContext): Promise<bigint> {
  const [credit] = await db
    .select({ cents: sql<string>`coalesce(sum(${creditGrants.remainingCents}), 0)`.mapWith(BigInt) })
    .from(creditGrants)
    .where(
      and(
        eq(creditGrants.organizationId, organizationId),
        or(isNull(creditGrants.expiresAt), gt(creditGrants.expiresAt, now)),
      ),
    );
  return credit?.cents ?? 0n;
}
