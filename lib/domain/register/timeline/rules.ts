import { type ClockName, clocks } from "#lib/domain/deadlines/rules.ts";
import type { Step } from "#lib/domain/ending/view.ts";
import type { OpenDeadline } from "#lib/domain/register/view.ts";
import type { TimelineRow } from "./view.ts";

const wordsOf = (clock: string): string => (clock in clocks ? clocks[clock as ClockName].words : clock);

type Known = {
  past: readonly Omit<TimelineRow, "isAhead">[];
  deadlines: readonly OpenDeadline[];
  steps: readonly Step[];
  now: Date;
};

/** What happened to the agreement and what is still to come, the latest first; an end that is coming brings all of its steps. */
export function timelineOf({ past, deadlines, steps, now }: Known): TimelineRow[] {
  const dates = deadlines.map(({ dueAt, clock, clause }) => ({ at: dueAt, what: wordsOf(clock), clause }));
  const coming = steps.filter(({ at }) => at > now).map(({ at, what, clause }) => ({ at, what, clause }));
  return [...past, ...dates, ...coming]
    .map((row) => ({ ...row, isAhead: row.at > now }))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime());
}
