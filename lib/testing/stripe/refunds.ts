import type Stripe from "stripe";
import { type Books, invalid } from "./books.ts";
import { type Form, labelsIn, textIn } from "./form.ts";

export function createRefund(books: Books, form: Form): Stripe.Refund {
  const intent = books.find("payment_intent", textIn(form, "payment_intent"), "payment_intent");
  if (intent.status !== "succeeded")
    throw invalid("payment_intent_unexpected_state", "This payment has no successful charge.");
  const lost = books.all("dispute").some(({ payment_intent: of, status }) => of === intent.id && status !== "won");
  if (lost) throw invalid("charge_disputed", "The charge has been charged back.");
  const refunded = books
    .all("refund")
    .filter(({ payment_intent: of, status }) => of === intent.id && status !== "failed")
    .reduce((sum, { amount }) => sum + amount, 0);
  const left = intent.amount_received - refunded;
  if (left === 0) throw invalid("charge_already_refunded", "The charge has already been refunded.");
  const amount = Number(form.amount ?? left);
  if (amount > left) throw invalid("amount_too_large", "The refund is greater than what is left.", { param: "amount" });
  const refund = books.make("refund", {
    amount,
    charge: intent.latest_charge,
    currency: intent.currency,
    metadata: labelsIn(form),
    payment_intent: intent.id,
    reason: null,
    status: "succeeded",
  } satisfies Partial<Stripe.Refund>);
  books.tell("refund.created", refund);
  return refund;
}

/** Money that could not be paid back, because the account it came from is closed. */
export function failRefund(books: Books, id: string): void {
  const refund = books.find("refund", id);
  Object.assign(refund, {
    status: "failed",
    failure_reason: "expired_or_canceled_card",
  } satisfies Partial<Stripe.Refund>);
  books.tell("refund.failed", refund);
}

/** A cardholder, or a bank, takes the money back. */
export function openDispute(books: Books, paymentRef: string): Stripe.Dispute {
  const intent = books.find("payment_intent", paymentRef);
  const dispute = books.make("dispute", {
    amount: intent.amount_received,
    charge: String(intent.latest_charge),
    currency: intent.currency,
    payment_intent: intent.id,
    reason: "fraudulent",
    status: "needs_response",
  } satisfies Partial<Stripe.Dispute>);
  books.tell("charge.dispute.created", dispute);
  books.tell("charge.dispute.funds_withdrawn", dispute);
  return dispute;
}

export function decideDispute(books: Books, id: string, status: "under_review" | "won" | "lost"): void {
  const dispute = books.find("dispute", id);
  dispute.status = status;
  if (status === "won") books.tell("charge.dispute.funds_reinstated", dispute);
  books.tell(status === "under_review" ? "charge.dispute.updated" : "charge.dispute.closed", dispute);
}
