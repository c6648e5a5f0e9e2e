import type { Cents } from "#lib/core/money.ts";

/** Who collects. Each account is bound to one of them and to one of its modes. */
export const providerIds = ["manual", "sandbox", "stripe"] as const;
export type ProviderId = (typeof providerIds)[number];

/** What a provider is told of a customer; nothing it needs not know. */
export type CustomerSnapshot = {
  organizationId: string;
  name: string;
  email: string;
  country: string | null;
  /** What the provider called this customer before. Without it a provider may know them again for a day only. */
  ref?: string | null;
};

/** One attempt to collect. `id` is the idempotency key: asking again with the same attempt moves money once at most. */
export type Attempt = {
  id: string;
  organizationId: string;
  customerRef: string;
  methodRef: string | null;
  amount: Cents;
  /** Set when the amount or the invoice is to be named to the customer. */
  invoiceNumber: string;
  /** What the provider called this attempt when it was asked first: a payment's reference, or a page's. */
  ref: string | null;
  createdAt: Date;
};

export type RefundAttempt = { id: string; paymentRef: string; amount: Cents };

/** What to do after a decline: try again later, ask for another method, or give up. */
export type Advice = "retry_later" | "new_method" | "never";

export type ChargeResult =
  | { kind: "succeeded" | "processing"; ref: string }
  | { kind: "requires_action"; ref: string; redirectUrl: string | null }
  | { kind: "awaiting_transfer"; reference: string; iban: string; bic: string | null; holder: string }
  | { kind: "failed"; ref: string | null; code: string; advice: Advice }
  | { kind: "canceled"; ref: string | null }
  /** No answer that can be relied on: asked for later, never sent again as another attempt. */
  | { kind: "unknown" };

export type RefundResult =
  | { kind: "succeeded" | "processing"; ref: string }
  | { kind: "failed"; ref: string | null; code: string }
  | { kind: "unknown" };

export type Method = {
  ref: string;
  type: "card" | "sepa_debit";
  brand: string | null;
  last4: string;
  expMonth: number | null;
  expYear: number | null;
};

/** A page of the provider's, where a person enters a card or pays. */
export type HostedPage = { ref: string; redirectUrl: string; expiresAt: Date };
export type HostedState = {
  state: "open" | "complete" | "expired";
  methodRef: string | null;
  paymentRef: string | null;
};

/** What a provider tells by itself, reduced to what has to be looked at again: its state is always fetched, never taken from here. */
export type ProviderEvent = {
  id: string;
  type: string;
  livemode: boolean;
  /** What it is about; null: nothing we act on. */
  subject:
    | { kind: "payment"; ref: string; attemptId: string | null }
    | { kind: "page"; ref: string }
    | { kind: "method"; ref: string }
    | { kind: "refund"; ref: string; refundId: string | null }
    | { kind: "chargeback"; ref: string; paymentRef: string }
    | { kind: "customer"; ref: string }
    | null;
};

export type Chargeback = {
  ref: string;
  paymentRef: string;
  amount: Cents;
  state: "needs_response" | "under_review" | "won" | "lost";
};

/** A payment as the provider's own books have it, for the nightly comparison. */
export type ProviderPayment = { ref: string; attemptId: string | null; amount: Cents; state: ChargeResult["kind"] };

/**
 * What collects money. Everything that moves it takes an id of ours as its idempotency key; a lost answer is `unknown`
 * and resolved by `lookup`. Errors of configuration throw; declines are results. A call that throws has decided
 * nothing: what it asked for is `unknown`.
 */
export type PaymentProvider = {
  id: ProviderId;
  livemode: boolean;
  capabilities: { offSession: boolean; hostedSetup: boolean; refunds: boolean; chargebacks: boolean };
  /** Less than this cannot be charged. */
  minimumCharge: Cents;
  /** Called again it gives the same reference, and tells the provider what changed. */
  ensureCustomer: (customer: CustomerSnapshot) => Promise<{ ref: string }>;
  /** Opens a page where a person enters a payment method; `id` is the idempotency key. */
  beginSetup: (page: { id: string; customerRef: string; returnUrl: string }) => Promise<HostedPage>;
  /**
   * Opens a page where a person pays exactly this attempt, also one whose charge asked for them. An attempt has one
   * page: after it expired, the next page needs the next attempt. One that is paid or under way is a "conflict".
   */
  beginPayment: (attempt: Attempt, returnUrl: string) => Promise<HostedPage>;
  pageState: (ref: string) => Promise<HostedState>;
  /** Closes a page so that nothing can be paid on it any more; one that was paid says so. */
  expirePage: (ref: string) => Promise<HostedState>;
  /** Null: there is none any more, or it is detached. */
  method: (ref: string) => Promise<Method | null>;
  detach: (ref: string) => Promise<void>;
  /**
   * Charges the attempt's method without the person. One that has a reference, or is older than a provider keeps keys,
   * is looked up and never sent again; one whose page was opened is not charged.
   */
  charge: (attempt: Attempt) => Promise<ChargeResult>;
  /** What became of an attempt, also of one whose reference never reached us. */
  lookup: (attempt: Attempt) => Promise<ChargeResult | "not_found">;
  /** What has succeeded or is under way says so and stays. `unknown`: it may still arrive. */
  cancel: (attempt: Attempt) => Promise<ChargeResult>;
  refund: (refund: RefundAttempt) => Promise<RefundResult>;
  lookupRefund: (refund: RefundAttempt) => Promise<RefundResult | "not_found">;
  chargeback: (ref: string) => Promise<Chargeback | null>;
  /** Throws `AppError`: "too_large", or "invalid" when signature, age or mode is wrong. */
  verifyEvent: (raw: Buffer, signature: string | undefined, receivedAt: Date) => ProviderEvent;
  paymentsSince: (since: Date) => Promise<ProviderPayment[]>;
};
