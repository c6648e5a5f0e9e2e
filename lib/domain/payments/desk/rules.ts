import type { State } from "#lib/domain/payments/attempts/rules.ts";

export const paymentWords: Record<State, string> = {
  created: "Being sent",
  processing: "On its way",
  requires_action: "Waits for the customer",
  unknown: "Outcome not known",
  succeeded: "Received",
  failed: "Failed",
  canceled: "Canceled",
};

type Kept = {
  state: State;
  amountCents: bigint;
  refundedCents: bigint;
  chargedBackCents: bigint;
};

/** What of a payment could still be sent back where it came from. */
export const returnable = ({ state, amountCents, refundedCents, chargedBackCents }: Kept): bigint =>
  state === "succeeded" ? amountCents - refundedCents - chargedBackCents : 0n;
