const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

function distance(ms: number): string | undefined {
  if (ms < hour) return plural(Math.max(1, Math.floor(ms / minute)), "minute");
  if (ms < day) return plural(Math.floor(ms / hour), "hour");
  if (ms < 30 * day) return plural(Math.floor(ms / day), "day");
  return undefined;
}

const dateFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "12 Jan 2026", in UTC. */
export const dateWords = (at: Date): string => dateFormat.format(at);

/** "23 Nov 2026, 14:05:09 UTC". */
export const instantWords = (at: Date): string => `${dateWords(at)}, ${at.toISOString().slice(11, 19)} UTC`;

/** "2 minutes ago", "in 6 days"; further away than thirty days the date says more. */
export function relativeWords(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (Math.abs(ms) < minute) return ms > 0 ? "in a moment" : "just now";
  const words = distance(Math.abs(ms));
  if (!words) return dateWords(at);
  return ms > 0 ? `in ${words}` : `${words} ago`;
}
