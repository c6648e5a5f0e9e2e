import { addMinutes } from "#lib/core/clock.ts";
import type { JobRun } from "./view.ts";

/** Minutes a job may be behind its schedule before it is shown as late, and before it is an alarm. */
export const lateMinutes = 15;
export const alarmMinutes = 60;

type Run = Pick<JobRun, "succeededAt" | "knownSince" | "everyMinutes">;

/** How many minutes ago it should have succeeded; 0 where it is in time. */
export function minutesLate({ succeededAt, knownSince, everyMinutes }: Run, now: Date): number {
  const due = addMinutes(succeededAt ?? knownSince, everyMinutes);
  return Math.max(0, Math.floor((now.getTime() - due.getTime()) / 60_000));
}

export function stateOf(run: Run, now: Date): "good" | "warn" | "bad" {
  const late = minutesLate(run, now);
  if (late > alarmMinutes) return "bad";
  return late > lateMinutes ? "warn" : "good";
}
