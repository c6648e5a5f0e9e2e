/**
 * The only place that reads the time. `CLOCK_OFFSET` (milliseconds) moves the clock of a demo or test
 * instance, so that a month can be closed while someone watches; production refuses it (see env.ts).
 */
export function now(): Date {
  return new Date(Date.now() + offsetMs);
}

/** The same in milliseconds since the epoch, for comparing. */
export const timestamp = (): number => Date.now() + offsetMs;

/** A moment as the database's own clock tells it, which `CLOCK_OFFSET` does not move. */
export const onDatabaseClock = (at: Date): Date => new Date(at.getTime() - offsetMs);

// Read once: the environment costs more than the clock.
const offsetMs = Number(process.env.CLOCK_OFFSET ?? 0);

/** Milliseconds for measuring how long something took; never a moment in time. */
export const stopwatch = (): number => performance.now();

export const dayMs = 86_400_000;

export const addDays = (from: Date, days: number): Date => new Date(from.getTime() + days * dayMs);
export const addMinutes = (from: Date, minutes: number): Date => new Date(from.getTime() + minutes * 60_000);

/** The same day and hour so many months later, in UTC; a day that the month does not have becomes its last. */
export function addMonths(from: Date, months: number): Date {
  const after = new Date(from);
  after.setUTCMonth(from.getUTCMonth() + months, 1);
  const days = new Date(Date.UTC(after.getUTCFullYear(), after.getUTCMonth() + 1, 0)).getUTCDate();
  after.setUTCDate(Math.min(from.getUTCDate(), days));
  return after;
}

/** The same time of day so many working days later; Saturdays and Sundays, in UTC, are none. */
export function addWorkingDays(from: Date, days: number): Date {
  let at = from;
  for (let left = days; left > 0; left -= Number(at.getUTCDay() % 6 !== 0)) at = addDays(at, 1);
  return at;
}

/** The same day and hour a year later; the 29th of February becomes the 28th. */
export const yearAfter = (at: Date): Date => addMonths(at, 12);

/** The UTC day of an instant, as `2026-11-23`. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The instant a UTC day begins. */
export const startOfDay = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** The first day of the UTC month of an instant: the key of a billing cycle. */
export const monthOf = (at: Date): string => `${at.toISOString().slice(0, 7)}-01`;

/** The instant the UTC month of a day ends, which is when the next begins. */
export function endOfMonth(day: string): Date {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1));
}
