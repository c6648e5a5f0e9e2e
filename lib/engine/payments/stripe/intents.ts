import type Stripe from "stripe";
import { cents } from "#lib/core/money.ts";
import { adviceOf } from "#lib/engine/payments/advice.ts";
import type { Attempt, ChargeResult } from "#lib/engine/payments/port.ts";
import { disbelieve, idOf } from "./client.ts";

export const currency = "eur";
/** The smallest amount in euros that Stripe takes. */
export const minimumCharge = cents(50n);
export const methodTypes = ["card", "sepa_debit"] as const;

/** How our attempt is found among the objects at Stripe. */
export const labelsOf = ({ id, organizationId, invoiceNumber }: Attempt) => ({
  payment_id: id,
  organization_id: organizationId,
  invoice_number: invoiceNumber,
});

/** Whether an intent is the one we asked for: what it says about money, owner and mode must be what we said. */
export function isOurs(intent: Stripe.PaymentIntent, attempt: Attempt, livemode: boolean): boolean {
  const lies = [
    intent.amount !== Number(attempt.amount) && "amount",
    intent.currency !== currency && "currency",
    idOf(intent.customer) !== attempt.customerRef && "customer",
    intent.metadata.payment_id !== attempt.id && "payment_id",
    intent.livemode !== livemode && "livemode",
    intent.status === "succeeded" && intent.amount_received !== intent.amount && "amount_received",
  ].filter((lie) => lie !== false);
  if (lies.length > 0)
    disbelieve(`The payment differs in ${lies.join(", ")}.`, { attempt: attempt.id, ref: intent.id });
  return lies.length === 0;
}

export function resultOf(intent: Stripe.PaymentIntent): ChargeResult {
  const ref = intent.id;
  switch (intent.status) {
    case "succeeded":
      return { kind: "succeeded", ref };
    case "processing":
      return { kind: "processing", ref };
    case "requires_action":
      return { kind: "requires_action", ref, redirectUrl: intent.next_action?.redirect_to_url?.url ?? null };
    case "canceled":
      return { kind: "canceled", ref };
    case "requires_payment_method":
      return declined(ref, intent.last_payment_error);
    default:
      disbelieve(`The payment is in the state ${intent.status}, which we never ask for.`, { ref });
      return { kind: "unknown" };
  }
}

type Decline = { code?: string; decline_code?: string; advice_code?: string } | null;

/** A decline in the issuer's own word, or, where it wants the person, a request for them. */
export function declined(ref: string | null, error: Decline): ChargeResult {
  const code = error?.decline_code ?? error?.code ?? "payment_method_missing";
  const wantsPerson = [error?.code, error?.decline_code].includes("authentication_required");
  if (wantsPerson && ref !== null) return { kind: "requires_action", ref, redirectUrl: null };
  return { kind: "failed", ref, code, advice: adviceOf(code, error?.advice_code) };
}

/** Of several intents for one attempt, the one that has come furthest; there is more than one after a page was opened. */
export function furthest(intents: readonly Stripe.PaymentIntent[]): Stripe.PaymentIntent | undefined {
  const order: string[] = ["canceled", "requires_payment_method", "requires_confirmation", "requires_action"];
  const rank = ({ status }: Stripe.PaymentIntent) =>
    status === "succeeded" ? 9 : status === "processing" ? 8 : order.indexOf(status);
  return intents.toSorted((a, b) => rank(b) - rank(a) || b.created - a.created)[0];
}

export const isSettled = (intent: Stripe.PaymentIntent | undefined): boolean =>
  intent?.status === "succeeded" || intent?.status === "processing";
