import { addDays, addMinutes, dayOf, startOfDay } from "#lib/core/clock.ts";

type Facts = { until: string; revokedAt: Date | null; executedAt: Date | null };

export type TransferState = "open" | "expired" | "revoked" | "executed";

/** How a directive stands; it holds through the whole of its last day (UTC). */
export function transferState({ until, revokedAt, executedAt }: Facts, now: Date): TransferState {
  if (executedAt) return "executed";
  if (revokedAt) return "revoked";
  return dayOf(now) > until ? "expired" : "open";
}

/** It holds through the whole of its last day. */
export const transferEnds = (until: string): Date => addDays(startOfDay(until), 1);

/** For how long who carried it out can fetch the weights, should the connection break. */
const fetchMinutes = 60;

export const mayFetch = (executedAt: Date | null, now: Date): boolean =>
  executedAt !== null && now < addMinutes(executedAt, fetchMinutes);

export const transferWords: Record<TransferState, string> = {
  open: "Open",
  expired: "Expired",
  revoked: "Revoked",
  executed: "Carried out",
};
