import { dayMs } from "#lib/core/clock.ts";
import type { Advice, ChargeResult } from "#lib/engine/payments/port.ts";

export type State = "created" | "processing" | "requires_action" | "unknown" | "succeeded" | "failed" | "canceled";

export const liveStates = ["created", "processing", "requires_action", "unknown"] as const;
export const isLive = (state: State): boolean => (liveStates as readonly State[]).includes(state);

/** What an attempt becomes. */
export type Change = {
  state: State;
  ref?: string | null;
  errorCode?: string | null;
  advice?: Advice | null;
  actionUrl?: string | null;
};

/** What a provider's answer makes of an attempt. */
export function changeOf(result: ChargeResult): Change {
  switch (result.kind) {
    case "succeeded":
    case "processing":
      return { state: result.kind, ref: result.ref, errorCode: null, advice: null, actionUrl: null };
    case "requires_action":
      return { state: "requires_action", ref: result.ref, actionUrl: result.redirectUrl };
    case "failed":
      return { state: "failed", ref: result.ref, errorCode: result.code, advice: result.advice, actionUrl: null };
    case "canceled":
      return { state: "canceled", ref: result.ref, actionUrl: null };
    case "awaiting_transfer":
      return { state: "requires_action" };
    case "unknown":
      return { state: "unknown" };
  }
}

const order: Record<State, number> = {
  created: 0,
  unknown: 1,
  requires_action: 2,
  processing: 3,
  canceled: 4,
  failed: 4,
  succeeded: 5,
};

/**
 * Whether an attempt goes from one state to another. Answers and events come late, twice and out of order, so it only goes
 * on: money that came is never un-come here, and a failed attempt can still turn out to have been paid. What is
 * not known says nothing about what is.
 */
export const goesOn = (from: State, to: State): boolean => {
  if (from === "succeeded" || from === to) return false;
  if (to === "unknown") return from === "created";
  return order[to] > order[from] || (from === "processing" && to === "requires_action");
};

/** When an attempt without an answer is looked up again: at once, then ever more rarely. */
export const nextLookAt = (asks: number, askedAt: Date): Date =>
  new Date(askedAt.getTime() + Math.min(60_000 * 2 ** Math.max(0, Math.min(asks, 8) - 1), 4 * 3_600_000));

/** Providers may forget an idempotency key after a day; from then on an attempt they do not know is over, not sent again. */
export const mayStillBeSent = (createdAt: Date, now: Date): boolean =>
  now.getTime() - createdAt.getTime() < dayMs - 3_600_000;

const words: Readonly<Record<string, string>> = {
  insufficient_funds: "there was not enough money on the account",
  expired_card: "the card has expired",
  authentication_required: "your bank wants you to confirm it",
  lost_card: "the card was reported as lost",
  stolen_card: "the card was reported as stolen",
  card_declined: "the bank declined it",
  generic_decline: "the bank declined it",
  amount_too_small: "the amount is too small to be charged",
  no_method: "there is no payment method",
  debit_failed: "the bank did not accept the direct debit",
};

/** Why a payment failed, for the person who pays. */
export const failureWords = (code: string | null): string => words[code ?? ""] ?? "the bank declined it";
