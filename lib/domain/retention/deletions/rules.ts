import { yearAfter } from "#lib/core/clock.ts";

const hourMs = 3_600_000;

export type DeletionKind = "agent" | "data" | "model";

const hoursAfter = (at: Date, hours: number): Date => new Date(at.getTime() + hours * hourMs);

/**
 * By when a written request is carried out: agents within 10 days of its receipt (T-4.3-DEL3), models and other data within 30
 * (T-4.2.3-DEL3), and never later than what they are kept for after the contract: 30 days, models a year.
 */
export function deletionDue(kind: DeletionKind, receivedAt: Date, terminatedAt: Date | null): Date {
  const asked = hoursAfter(receivedAt, kind === "agent" ? 240 : 720);
  if (terminatedAt === null || kind === "data") return asked;
  const kept = kind === "agent" ? hoursAfter(terminatedAt, 720) : yearAfter(terminatedAt);
  // What should be gone by now is due at once.
  const soonest = kept < receivedAt ? receivedAt : kept;
  return soonest < asked ? soonest : asked;
}

export const escalations = [50, 80, 100] as const;

/** The last step of its time that is over, in percent; 0 before the first. */
export function escalationAt(receivedAt: Date, dueAt: Date, now: Date): 0 | (typeof escalations)[number] {
  const percent = ((now.getTime() - receivedAt.getTime()) * 100) / (dueAt.getTime() - receivedAt.getTime());
  return escalations.findLast((step) => percent >= step) ?? 0;
}

export const deletionClause = { agent: "T-4.3-DEL3", data: "T-4.2.3-DEL3", model: "T-4.2.3-DEL3" } as const;
export const deletionClock = { agent: "deletion.agent", data: "deletion.data" } as const;
