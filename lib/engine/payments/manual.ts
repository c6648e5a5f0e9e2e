import { AppError } from "#lib/core/errors.ts";
import { cents } from "#lib/core/money.ts";
import type { Attempt, ChargeResult, PaymentProvider } from "./port.ts";
import { creditorReference } from "./reference.ts";

/** The account that transfers go to. */
export type BankAccount = { iban: string; bic: string | null; holder: string };

const notOffered = (): never => {
  throw new AppError("invalid", "This account pays by bank transfer.", { code: "not_offered" });
};

/**
 * Payment by bank transfer. It moves no money and keeps no books: a transfer exists once staff record its receipt, so
 * everything here follows from the attempt alone.
 */
export function manualProvider(account: BankAccount | null): PaymentProvider {
  const awaitTransfer = async (attempt: Attempt): Promise<ChargeResult> => {
    if (!account)
      throw new AppError("unavailable", "There is no bank account to pay to yet.", {
        cause: "BILLING_IBAN is not set.",
      });
    return { kind: "awaiting_transfer", reference: creditorReference(attempt.invoiceNumber), ...account };
  };
  return {
    id: "manual",
    livemode: true,
    capabilities: { offSession: false, hostedSetup: false, refunds: false, chargebacks: false },
    minimumCharge: cents(1n),
    ensureCustomer: async ({ organizationId }) => ({ ref: organizationId }),
    beginSetup: async () => notOffered(),
    beginPayment: async () => notOffered(),
    pageState: async () => notOffered(),
    expirePage: async () => notOffered(),
    method: async () => null,
    detach: async () => undefined,
    charge: awaitTransfer,
    lookup: awaitTransfer,
    cancel: async () => ({ kind: "canceled", ref: null }),
    refund: async () => ({ kind: "failed", ref: null, code: "not_offered" }),
    lookupRefund: async () => "not_found",
    chargeback: async () => null,
    verifyEvent: notOffered,
    paymentsSince: async () => [],
  };
}
