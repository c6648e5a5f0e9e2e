import type Stripe from "stripe";
import { logError } from "#lib/core/log.ts";
import { cents } from "#lib/core/money.ts";
import type { Chargeback, PaymentProvider, RefundAttempt, RefundResult } from "#lib/engine/payments/port.ts";
import { ask, askFor, codeOf, disbelieve, idOf, orUnknown, type StripeConnection, sortOf } from "./client.ts";
import { allOf } from "./found.ts";
import { currency } from "./intents.ts";

type Refunds = Pick<PaymentProvider, "refund" | "lookupRefund" | "chargeback">;

export function stripeRefunds({ api, livemode }: StripeConnection): Refunds {
  const lookup = (refund: RefundAttempt): Promise<RefundResult | "not_found"> =>
    orUnknown(async () => {
      const range = { payment_intent: refund.paymentRef, limit: 100 };
      const [found] = await ask(() =>
        allOf(api().refunds.list(range), ({ metadata }) => metadata?.refund_id === refund.id),
      );
      return found ? resultOf(found, refund) : "not_found";
    });
  return {
    refund: async (refund) => {
      // A key is kept for a day; what was paid back before is found for good.
      const known = await lookup(refund);
      if (known !== "not_found") return known;
      try {
        const made = await api().refunds.create(
          { payment_intent: refund.paymentRef, amount: Number(refund.amount), metadata: { refund_id: refund.id } },
          { idempotencyKey: `refund-${refund.id}` },
        );
        return resultOf(made, refund);
      } catch (error) {
        return failedRefund(error, refund);
      }
    },
    lookupRefund: lookup,
    chargeback: async (ref) => {
      const dispute = await askFor(() => api().disputes.retrieve(ref));
      return dispute && chargebackOf(dispute, livemode);
    },
  };
}

/** A refusal is final: what is paid back already, or is more than what is left, cannot be paid back. */
function failedRefund(error: unknown, { id }: RefundAttempt): RefundResult {
  const sort = sortOf(error);
  if (sort === "refused" || sort === "missing") return { kind: "failed", ref: null, code: codeOf(error) };
  if (sort !== "unanswered")
    logError(sort === "mixed_up" ? "refund_key_reused" : "stripe_misconfigured", error, { id });
  if (sort === "misconfigured") throw error;
  return { kind: "unknown" };
}

function resultOf(refund: Stripe.Refund, { id, paymentRef, amount }: RefundAttempt): RefundResult {
  const { id: ref, status, failure_reason: reason } = refund;
  const isOurs =
    refund.amount === Number(amount) &&
    refund.currency === currency &&
    idOf(refund.payment_intent) === paymentRef &&
    refund.metadata?.refund_id === id;
  if (!isOurs) {
    disbelieve("The refund is not the one that was asked for.", { refund: id, ref });
    return { kind: "unknown" };
  }
  switch (status) {
    case "succeeded":
      return { kind: "succeeded", ref };
    case "pending":
    case "requires_action":
      return { kind: "processing", ref };
    case "failed":
    case "canceled":
      return { kind: "failed", ref, code: reason ?? status };
    default:
      disbelieve(`The refund is in the state ${status}.`, { refund: id, ref });
      return { kind: "unknown" };
  }
}

/** An inquiry is told as a chargeback that needs a response; one that was prevented or closed has cost nothing. */
const states: Record<string, Chargeback["state"]> = {
  needs_response: "needs_response",
  warning_needs_response: "needs_response",
  appeal_needs_response: "needs_response",
  under_review: "under_review",
  warning_under_review: "under_review",
  appeal_under_review: "under_review",
  won: "won",
  warning_closed: "won",
  prevented: "won",
  lost: "lost",
};

function chargebackOf(dispute: Stripe.Dispute, livemode: boolean): Chargeback | null {
  const paymentRef = idOf(dispute.payment_intent);
  const state = states[dispute.status];
  if (paymentRef === null || state === undefined || dispute.currency !== currency || dispute.livemode !== livemode) {
    disbelieve("A chargeback cannot be understood.", { ref: dispute.id, status: dispute.status });
    return null;
  }
  return { ref: dispute.id, paymentRef, amount: cents(BigInt(dispute.amount)), state };
}
