import { addMinutes } from "#lib/core/clock.ts";
import { brokenFrom, type ClockName, clocks, nextStep, passesByItself, stepsOf } from "#lib/domain/deadlines/rules.ts";

type Row = { clock: ClockName; openedAt: Date; dueAt: Date; step: number };

/** What a sweep does with a row whose next step has come. */
export type Swept = {
  step: number;
  /** Null: it is over, or no step is left. */
  nextAt: Date | null;
  /** Its date was all of it, and has passed. */
  isMet: boolean;
  /** It is overdue, and was not before. */
  isBroken: boolean;
  /** Whom to tell of the step that has come. */
  tell: "customer" | "role" | "everyone" | null;
};

/** Staff at the desk see the first step; the second goes to those of the role, the last to the administrators as well. */
const roleStep = 1;

/**
 * The steps that have come by an instant, as one: of those a sweep has missed only the last is told. What happens by itself
 * and has not is looked at again when it counts as broken.
 */
export function sweepStep(row: Row, at: Date): Swept {
  const { owner, isToldApart = false }: { owner: string; isToldApart?: boolean } = clocks[row.clock];
  if (at >= row.dueAt) return atDue(row, at);
  const reached = stepsOf(row.clock, row).findLastIndex((step) => step <= at);
  const ahead = { ...nextStep(row.clock, { ...row, at }), isMet: false, isBroken: false };
  if (reached < 0) return { ...ahead, tell: null };
  if (owner === "customer") return { ...ahead, tell: isToldApart ? null : "customer" };
  return { ...ahead, tell: reached >= roleStep ? "role" : null };
}

function atDue({ clock, openedAt, dueAt }: Row, at: Date): Swept {
  const step = stepsOf(clock, { openedAt, dueAt }).length - 1;
  const over = { step, isMet: false, isBroken: false, tell: null } as const;
  if (passesByItself(clock)) return { ...over, nextAt: null, isMet: true };
  const from = brokenFrom(clock, dueAt) ?? dueAt;
  if (at < from) return { ...over, nextAt: from };
  return { ...over, nextAt: null, isBroken: true, tell: "everyone" };
}

/** How long a row is left alone that waits for a legal hold. */
export const heldUntil = (at: Date): Date => addMinutes(at, 60);

/** Rows of one customer in a transaction, and rows told of in one. */
export const together = 200;
/** How many a letter names. */
export const namedMost = 20;
