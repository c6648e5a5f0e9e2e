import type { deadlineOwners } from "#db/schema/contract.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { addDays, addMinutes, addWorkingDays } from "#lib/core/clock.ts";

export type DeadlineOwner = (typeof deadlineOwners)[number];

type Clock = {
  clause: ClauseId;
  /** Who must act before it is due, or is told that it comes. */
  owner: DeadlineOwner;
  words: string;
  /** What is due happens by itself; of another clock, being due and not met is a broken promise. */
  hasEffect: boolean;
  /** The customer hears of it in letters of its own, which know who is concerned. */
  isToldApart?: true;
};

/** Every clock of the contract. One runs for a subject at a time, from the command that starts it to the one that ends it. */
export const clocks = {
  "contract.end": { clause: "T-6-EFF", owner: "customer", words: "The agreement ends", hasEffect: true },
  "order.end": { clause: "T-2-PREC", owner: "customer", words: "A purchase order ends", hasEffect: true },
  "terms.effective": { clause: "T-7-SUB", owner: "customer", words: "Changed terms take effect", hasEffect: true },
  "terms.exit": { clause: "T-7-EXIT", owner: "customer", words: "Last day to disagree and end", hasEffect: true },
  "model.retire": {
    clause: "T-4.2.1-DISC1",
    owner: "customer",
    words: "A model retires",
    hasEffect: true,
    isToldApart: true,
  },
  "alias.move": { clause: "T-4.2.1-DISC4", owner: "customer", words: "An alias moves", hasEffect: true },
  "notice.undelivered": {
    clause: "T-4.2.1-DISC3",
    owner: "legal",
    words: "Give a notice that did not arrive",
    hasEffect: false,
  },
  "rate.request": { clause: "T-4.2.1-RL", owner: "support", words: "Answer a request for limits", hasEffect: false },
  "suspension.review": { clause: "T-4.1-USE", owner: "trust", words: "Review a suspension", hasEffect: false },
  "abuse.review": { clause: "T-4.2.2-ABUSE", owner: "trust", words: "Review what was flagged", hasEffect: false },
  "zdr.review": {
    clause: "T-4.2.2.2-ZDR2",
    owner: "trust",
    words: "Decide on zero data retention",
    hasEffect: false,
  },
  "zdr.implement": {
    clause: "T-4.2.2.2-ZDR3",
    owner: "system",
    words: "Put zero data retention into effect",
    hasEffect: false,
  },
  "deletion.agent": { clause: "T-4.3-DEL3", owner: "support", words: "Delete an agent as asked", hasEffect: false },
  "deletion.tuned-model": {
    clause: "T-4.2.3-DEL3",
    owner: "support",
    words: "Delete a fine-tuned model as asked",
    hasEffect: false,
  },
  "deletion.data": { clause: "T-4.2.3-DEL3", owner: "support", words: "Delete data as asked", hasEffect: false },
  "retention.agent": { clause: "T-4.3-DEL2", owner: "system", words: "Kept agents are deleted", hasEffect: true },
  "retention.conversation": {
    clause: "T-6-EFF",
    owner: "system",
    words: "Kept conversations are deleted",
    hasEffect: true,
  },
  "retention.file": { clause: "T-6-EFF", owner: "system", words: "Kept files are deleted", hasEffect: true },
  "retention.tuned-model": {
    clause: "T-4.2.3-DEL2",
    owner: "system",
    words: "Kept fine-tuned models are deleted",
    hasEffect: true,
  },
  "content.purge": { clause: "T-4.2.2.1-D1", owner: "system", words: "Kept content is deleted", hasEffect: true },
  "grant.expiry": { clause: "T-4.2.3-ASSIST", owner: "customer", words: "A grant of access ends", hasEffect: true },
  "directive.expiry": { clause: "T-4.2.3-CONF", owner: "customer", words: "A directive ends", hasEffect: true },
  "report.decide": { clause: "T-4.3-RESP2", owner: "trust", words: "Decide on a report", hasEffect: false },
  "billing.close": { clause: "T-5.2-EOC", owner: "system", words: "The month is billed", hasEffect: true },
  "billing.retry": { clause: "T-5.2-BILL", owner: "system", words: "A payment is tried again", hasEffect: true },
  "dispute.window": { clause: "T-5.2-DISP", owner: "customer", words: "Last day to dispute", hasEffect: true },
  "dispute.answer": { clause: "T-5.2-DISP", owner: "billing", words: "Answer a dispute", hasEffect: false },
  "key.expiry": { clause: "T-4.2.1-KEY2", owner: "customer", words: "An API key expires", hasEffect: true },
  "connection.token": { clause: "T-4.2.1-TPS1", owner: "system", words: "A token is renewed", hasEffect: true },
  "maintenance.start": { clause: "T-4.4-SLO3", owner: "customer", words: "Maintenance begins", hasEffect: true },
  "change.effective": { clause: "T-4.4-SLO4", owner: "customer", words: "A change takes effect", hasEffect: true },
  "subprocessor.effective": {
    clause: "T-2-INC",
    owner: "customer",
    words: "A subprocessor is added",
    hasEffect: true,
  },
  "bundle.expiry": { clause: "T-6-EFF", owner: "customer", words: "A bundle can no longer be taken", hasEffect: true },
  "withdrawal.window": { clause: "T-6-OTHER", owner: "customer", words: "Last day to withdraw", hasEffect: true },
} as const satisfies Record<string, Clock>;

export type ClockName = keyof typeof clocks;

const staffParts = [0.5, 0.8, 1];
const customerDays = [30, 7, 1, 0];

/** Which ones a list shows: those that run, those of them that are overdue, or those that have ended. */
export const deadlineShows = ["open", "broken", "over"] as const;
export type DeadlineShow = (typeof deadlineShows)[number];

export const ownerTitles: Readonly<Record<DeadlineOwner, string>> = {
  customer: "Customer",
  support: "Support",
  billing: "Billing",
  models: "Models",
  legal: "Legal",
  trust: "Trust",
  system: "By itself",
};

type Standing = Record<"brokenAt" | "metAt" | "cancelledAt", Date | null>;

/** How it stands, in a word; what was broken and is met late says so. */
export function standingWords({ brokenAt, metAt, cancelledAt }: Standing): string {
  if (metAt) return brokenAt ? "Met late" : "Met";
  if (cancelledAt) return "Cancelled";
  return brokenAt ? "Overdue" : "Open";
}

/** Their date alone is the effect: nothing has to be done at it, so the sweep notes that it has passed. */
const passing: ReadonlySet<ClockName> = new Set([
  "order.end",
  "terms.exit",
  "directive.expiry",
  "dispute.window",
  "key.expiry",
  "maintenance.start",
  "bundle.expiry",
  "withdrawal.window",
]);

export const passesByItself = (clock: ClockName): boolean => passing.has(clock);

/** What no one waits for once the agreement has ended: keys end with it, and changes to come do not come any more. */
export const endedWithAgreement: readonly ClockName[] = [
  "key.expiry",
  "terms.effective",
  "terms.exit",
  "subprocessor.effective",
  "connection.token",
];

/** How long what happens by itself may take after its date, before someone has to look why it did not. */
const effectMinutes = 60;

/** From when on it is broken; null: its date alone is all of it. */
export function brokenFrom(clock: ClockName, dueAt: Date): Date | null {
  if (passing.has(clock)) return null;
  return clocks[clock].hasEffect ? addMinutes(dueAt, effectMinutes) : dueAt;
}

/** When it is escalated or reminded of, in order; the last is when it is due. */
export function stepsOf(clock: ClockName, { openedAt, dueAt }: { openedAt: Date; dueAt: Date }): Date[] {
  if (clocks[clock].owner === "customer") return customerDays.map((days) => addDays(dueAt, -days));
  const length = Math.max(0, dueAt.getTime() - openedAt.getTime());
  return staffParts.map((done) => new Date(dueAt.getTime() - Math.round(length * (1 - done))));
}

/**
 * The step that comes next: the first that lies ahead, so what is opened late skips the reminders it missed. The day it is
 * due is never skipped.
 */
export function nextStep(
  clock: ClockName,
  { openedAt, dueAt, at }: { openedAt: Date; dueAt: Date; at: Date },
): { step: number; nextAt: Date } {
  const steps = stepsOf(clock, { openedAt, dueAt });
  const ahead = steps.findIndex((step) => step > at);
  return { step: ahead < 0 ? steps.length - 1 : ahead, nextAt: ahead < 0 ? dueAt : (steps[ahead] ?? dueAt) };
}

/**
 * The dates of clocks whose subject has none of its own, counted in working days (UTC): from when it was found that no letter
 * arrived, and from when a name was reported.
 */
export const due = {
  "notice.undelivered": (foundAt: Date): Date => addWorkingDays(foundAt, 2),
  "report.decide": (reportedAt: Date): Date => addWorkingDays(reportedAt, 5),
} as const satisfies Partial<Record<ClockName, (from: Date) => Date>>;
