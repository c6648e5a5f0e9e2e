import { monthOf } from "#lib/core/clock.ts";
import { billingAccount, legalEntity, lockedAccount } from "#lib/domain/billing/accounts/queries.ts";
import { billingReaders } from "#lib/domain/billing/accounts/readers/queries.ts";
import { advancesOf, isUnderWay, usageToBill } from "#lib/domain/billing/closing/queries.ts";
import { creditsOf } from "#lib/domain/billing/credits/queries.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { disputeFile } from "#lib/domain/billing/disputes/files/queries.ts";
import { disputeFilter } from "#lib/domain/billing/disputes/input.ts";
import { disputableLines, dispute, disputePage, disputesOf } from "#lib/domain/billing/disputes/queries.ts";
import { billedEvents, hasInvoice, recompute } from "#lib/domain/billing/invoices/evidence/queries.ts";
import { invoiceFilter } from "#lib/domain/billing/invoices/input.ts";
import { invoiceMonths, invoicePage, invoiceRows } from "#lib/domain/billing/invoices/listing/queries.ts";
import { invoice, invoicesOf } from "#lib/domain/billing/invoices/queries.ts";
import { billingNews } from "#lib/domain/billing/news/queries.ts";
import { creditLeft, overview } from "#lib/domain/billing/overview/queries.ts";
import { missingForPaid } from "#lib/domain/billing/plan/queries.ts";
import { invoiceSlice } from "#lib/domain/billing/programs/queries.ts";
import { attemptOf, lastPaymentFailed, payment, paymentsOf } from "#lib/domain/payments/attempts/queries.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { hostedPage } from "#lib/domain/payments/pages/queries.ts";
import type { Operation } from "./operations.ts";

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

/** Seen by who sees bills, whatever else it names. */
const seen = (run: Operation["run"], rest: Partial<Operation> = {}): Operation => ({
  can: "billing.read",
  ...rest,
  run,
});

/** The same of something that lies in an organization. */
const of = (run: Operation["run"]): Operation => seen(run, { within: "organization" });

/** A list of what is not theirs is empty. */
const quietly = (run: Operation["run"]): Operation => seen(run, { within: "organization", isQuiet: true });

/** What people do with bills, payments and credit. */
export const billing: Record<string, Operation> = {
  billingAccount: seen(billingAccount),
  lockedAccount: seen(lockedAccount),
  legalEntity: seen((ctx) => legalEntity(ctx, "default")),
  billingReaders: seen(billingReaders),
  usageToBill: seen((ctx) => usageToBill(ctx, monthOf(ctx.now))),
  advancesOf: seen((ctx) => advancesOf(ctx, monthOf(ctx.now))),
  isUnderWay: seen((ctx) => isUnderWay(ctx, monthOf(ctx.now))),
  creditsOf: seen(creditsOf),
  creditLeft: seen(creditLeft),
  billingTerms: seen((ctx) => billingTerms(ctx)),
  disputableLines: quietly((ctx, place) => disputableLines(ctx, place.invoice)),
  disputesOf: quietly((ctx, place) => disputesOf(ctx, place.invoice)),
  disputePage: seen((ctx) => disputePage(ctx, disputeFilter.parse({}))),
  dispute: of((ctx, place) => dispute(ctx, place.dispute)),
  disputeFile: of((ctx, place) => disputeFile(ctx, place.dispute, place.disputeFile)),
  invoice: of((ctx, place) => invoice(ctx, place.invoice)),
  invoicesOf: seen(invoicesOf),
  invoicePage: seen((ctx) => invoicePage(ctx, invoiceFilter.parse({}))),
  invoiceMonths: seen(invoiceMonths),
  invoiceRows: seen((ctx) => all(invoiceRows(ctx, invoiceFilter.parse({})))),
  invoiceSlice: seen((ctx) => invoiceSlice(ctx, { limit: 100 })),
  recompute: of((ctx, place) => recompute(ctx, place.invoice)),
  hasInvoice: quietly((ctx, place) => hasInvoice(ctx, place.invoice)),
  billedEvents: of((ctx, place) => all(billedEvents(ctx, place.invoice))),
  billingNews: { can: "organization.read", run: billingNews },
  overview: seen(overview),
  missingForPaid: seen(missingForPaid),
  payment: of((ctx, place) => payment(ctx, place.payment)),
  paymentsOf: quietly((ctx, place) => paymentsOf(ctx, place.invoice)),
  lastPaymentFailed: seen(lastPaymentFailed),
  attemptOf: of(async (ctx, place) => attemptOf(ctx, await payment(ctx, place.payment), "cus_test")),
  paymentMethodsOf: seen(paymentMethodsOf),
  hostedPage: quietly((ctx, place) => hostedPage(ctx, place.hostedPage)),
};
