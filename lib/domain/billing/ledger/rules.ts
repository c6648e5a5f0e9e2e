import type { LedgerAccount } from "#db/schema/ledger.ts";

/** What one event of money does to each account, in cents; a debit is positive, and the sum is zero. */
export type Entries = Partial<Record<LedgerAccount, bigint>>;

type Sums = { net: bigint; tax: bigint; total: bigint };

/** An advance is owed, and is not earned before the month is closed. VAT on services is due with it. */
export const advanceIssued = ({ net, tax, total }: Sums): Entries => ({
  receivable: total,
  advance_liability: -net,
  tax_payable: -tax,
});

/** The month's fees are earned; what advances covered leaves their account, and its VAT is not posted twice. */
export function summaryIssued({ net, tax, total }: Sums, prepaid: Sums): Entries {
  const over = prepaid.total > total ? prepaid.total - total : 0n;
  return {
    receivable: total + over - prepaid.total,
    advance_liability: prepaid.net,
    revenue: -net,
    tax_payable: prepaid.tax - tax,
    customer_credit: -over,
  };
}

/** An advance that was never collected is taken back: the month's own invoice has its amount. */
export const advanceCanceled = ({ net, tax }: Sums, fromReceivable: bigint): Entries => ({
  advance_liability: net,
  tax_payable: tax,
  receivable: -fromReceivable,
  customer_credit: fromReceivable - net - tax,
});

/** Fees are given back: first what is still owed, the rest as credit of the customer's. */
export const feesCredited = ({ net, tax }: Sums, fromReceivable: bigint): Entries => ({
  revenue: net,
  tax_payable: tax,
  receivable: -fromReceivable,
  customer_credit: fromReceivable - net - tax,
});

/** Money came. What is more than was owed is the customer's. */
export const paid = (amount: bigint, toReceivable: bigint): Entries => ({
  cash: amount,
  receivable: -toReceivable,
  customer_credit: toReceivable - amount,
});

export const creditUsed = (amount: bigint): Entries => ({ customer_credit: amount, receivable: -amount });

/** A promise costs the provider, bought credit came as money. */
export const creditGranted = (amount: bigint, isBought: boolean): Entries =>
  isBought ? { cash: amount, customer_credit: -amount } : { credits_granted: amount, customer_credit: -amount };

export const creditExpired = (amount: bigint): Entries => ({ customer_credit: amount, credits_granted: -amount });

export const refunded = (amount: bigint): Entries => ({ customer_credit: amount, cash: -amount });

export const disputeOpened = (amount: bigint): Entries => ({ receivable_disputed: amount, receivable: -amount });

export const disputeClosed = (amount: bigint): Entries => ({ receivable: amount, receivable_disputed: -amount });

/** A bank took money back: what is owed again, and what is the provider's loss. */
export const chargedBack = (amount: bigint, reopened: bigint): Entries => ({
  cash: -amount,
  receivable: reopened,
  chargeback: amount - reopened,
});

/** It gave it back: for what is still owed, else for the customer. */
export const chargebackWon = (amount: bigint, reopened: bigint, toReceivable: bigint): Entries => ({
  cash: amount,
  receivable: -toReceivable,
  customer_credit: toReceivable - reopened,
  chargeback: reopened - amount,
});
