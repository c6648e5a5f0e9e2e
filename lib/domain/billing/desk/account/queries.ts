import { and, asc, desc, eq, getColumns, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { billingAccounts, invoices } from "#db/schema/billing.ts";
import { creditGrants } from "#db/schema/credits.ts";
import { disputes } from "#db/schema/disputes.ts";
import { ledgerEntries, ledgerTransactions } from "#db/schema/ledger.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { creditsOf } from "#lib/domain/billing/credits/queries.ts";
import type { CreditView } from "#lib/domain/billing/credits/view.ts";
import type { BookFilter } from "#lib/domain/billing/desk/input.ts";
import { bookOrder } from "#lib/domain/billing/desk/rules.ts";
import type { DeskAccount, LedgerRow } from "#lib/domain/billing/desk/view.ts";
import { dispute } from "#lib/domain/billing/disputes/queries.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";
import { planColumn } from "#lib/domain/organizations/plan/queries.ts";
import { lookAt } from "#lib/domain/staff/access/commands.ts";

type Customer = Id<"organization">;

/** What the customer's audit log says was seen: the bills, as one thing. */
const see = (ctx: AccountContext, organizationId: Customer) =>
  lookAt(ctx, organizationId, { type: "billing", id: organizationId });

/** Whose account it is: the name alone, before there is a reason to see more. */
export async function accountHolder(
  ctx: AccountContext,
  organizationId: Customer,
): Promise<{ id: Customer; name: string }> {
  authorize(ctx.actor, "billing.decide");
  const [holder] = await ctx.db
    .select({ id: organizations.id, name: organizations.name })
    .from(billingAccounts)
    .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
    .where(eq(billingAccounts.organizationId, organizationId));
  if (!holder) throw new AppError("not_found", "There is no such billing account.");
  return holder;
}

/** A customer's account with what it comes to, under a look. */
export async function deskAccount(ctx: AccountContext, organizationId: Customer): Promise<DeskAccount> {
  authorize(ctx.actor, "billing.decide");
  await see(ctx, organizationId);
  const [[account], balances, [credit], open] = await Promise.all([
    ctx.db
      .select({
        ...getColumns(billingAccounts),
        buyerType: organizations.customerType,
        organizationName: organizations.name,
        plan: planColumn(ctx.now),
      })
      .from(billingAccounts)
      .innerJoin(organizations, eq(organizations.id, billingAccounts.organizationId))
      .where(eq(billingAccounts.organizationId, organizationId)),
    ctx.db
      .select({
        account: ledgerEntries.account,
        cents: sql<string>`sum(${ledgerEntries.amountCents})`.mapWith(BigInt),
      })
      .from(ledgerEntries)
      .where(eq(ledgerEntries.organizationId, organizationId))
      .groupBy(ledgerEntries.account)
      .having(sql`sum(${ledgerEntries.amountCents}) <> 0`)
      .orderBy(asc(ledgerEntries.account)),
    ctx.db
      .select({ cents: sql<string>`coalesce(sum(${creditGrants.remainingCents}), 0)`.mapWith(BigInt) })
      .from(creditGrants)
      .where(
        and(
          eq(creditGrants.organizationId, organizationId),
          or(isNull(creditGrants.expiresAt), gt(creditGrants.expiresAt, ctx.now)),
        ),
      ),
    ctx.db
      .select()
      .from(invoices)
      .where(and(eq(invoices.organizationId, organizationId), eq(invoices.state, "open"))),
  ]);
  if (!account) throw new AppError("not_found", "There is no such billing account.");
  const owedCents = open.reduce((sum, one) => sum + collectibleOf(one), 0n);
  return { ...account, balances, creditCents: BigInt(credit?.cents ?? 0), owedCents };
}

const newestFirst = { first: bookOrder } as const;

/** A page of what moved a customer's money, newest first, under a look. */
export async function ledgerPage(
  ctx: AccountContext,
  organizationId: Customer,
  asked: BookFilter,
): Promise<ListPage<LedgerRow>> {
  authorize(ctx.actor, "billing.decide");
  await see(ctx, organizationId);
  const itsInvoice = and(
    eq(invoices.organizationId, ledgerTransactions.organizationId),
    eq(invoices.id, ledgerTransactions.invoiceId),
  );
  const matches = and(
    eq(ledgerTransactions.organizationId, organizationId),
    asked.q
      ? or(
          sql`${invoices.number} ilike ${containing(asked.q)}`,
          eq(ledgerTransactions.key, asked.q),
          eq(sql`${ledgerTransactions.paymentId}`, asked.q),
        )
      : undefined,
  );
  const page = await keysetPage(
    asked,
    { ...newestFirst, keys: { at: instantKey(ledgerTransactions.effectiveAt) }, id: ledgerTransactions.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...getColumns(ledgerTransactions), number: invoices.number, place })
          .from(ledgerTransactions)
          .leftJoin(invoices, itsInvoice)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(ledgerTransactions).leftJoin(invoices, itsInvoice).where(matches),
    },
  );
  const entries = await ctx.db
    .select()
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.organizationId, organizationId),
        inArray(
          ledgerEntries.transactionId,
          page.rows.map(({ id }) => id),
        ),
      ),
    )
    .orderBy(desc(ledgerEntries.amountCents));
  const rows = page.rows.map(({ place: _place, ...row }) => ({
    ...row,
    entries: entries.filter(({ transactionId }) => transactionId === row.id),
  }));
  return { ...page, rows };
}

/** A page of a customer's documents, newest first, under a look. */
export async function accountInvoices(
  ctx: AccountContext,
  organizationId: Customer,
  asked: BookFilter,
): Promise<ListPage<Invoice>> {
  authorize(ctx.actor, "billing.decide");
  await see(ctx, organizationId);
  const matches = and(
    eq(invoices.organizationId, organizationId),
    asked.q ? sql`${invoices.number} ilike ${containing(asked.q)}` : undefined,
  );
  const page = await keysetPage(
    asked,
    { ...newestFirst, keys: { at: instantKey(invoices.issuedAt) }, id: invoices.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ ...getColumns(invoices), place })
          .from(invoices)
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(invoices).where(matches),
    },
  );
  return { ...page, rows: page.rows.map(({ place: _place, ...row }) => row) };
}

/** The credit a customer was given, with what it paid, under a look. */
export async function accountCredits(ctx: AccountContext, organizationId: Customer): Promise<CreditView[]> {
  authorize(ctx.actor, "billing.decide");
  await see(ctx, organizationId);
  return creditsOf(inOrganization(ctx, organizationId));
}

/** A dispute with what the customer wrote, under a look. */
export async function deskDispute(
  ctx: AccountContext,
  organizationId: Customer,
  id: Id<"dispute">,
): Promise<DisputeDetail & { invoice: Invoice }> {
  authorize(ctx.actor, "billing.decide");
  const found = await dispute(inOrganization(ctx, organizationId), id);
  await lookAt(ctx, organizationId, { type: "dispute", id });
  const [invoice] = await ctx.db
    .select()
    .from(invoices)
    .where(and(eq(invoices.organizationId, organizationId), eq(invoices.id, found.invoiceId)));
  if (!invoice) throw new AppError("not_found", "There is no such invoice.");
  return { ...found, invoice };
}

/** Whether a dispute is there and whose it is: the customer's name alone. */
export async function disputeHolder(
  ctx: AccountContext,
  organizationId: Customer,
  id: Id<"dispute">,
): Promise<{ id: Customer; name: string }> {
  authorize(ctx.actor, "billing.decide");
  const found = await ctx.db.$count(disputes, and(eq(disputes.organizationId, organizationId), eq(disputes.id, id)));
  if (found === 0) throw new AppError("not_found", "There is no such dispute.");
  return accountHolder(ctx, organizationId);
}
