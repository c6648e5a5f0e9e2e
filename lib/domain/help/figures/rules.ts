/** The value below which a share of a list lies; null of an empty list. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}

/** The parts a backlog is told in: how old a ticket is, in days. */
export const ages = [
  { label: "Today", days: 1 },
  { label: "Up to 3 days", days: 3 },
  { label: "Up to 7 days", days: 7 },
  { label: "Up to 14 days", days: 14 },
  { label: "Older", days: Number.POSITIVE_INFINITY },
] as const;

/** Of how many days back the figures are. */
export const figureDays = 30;

/** "2 h 10 min", "45 min". */
export function workWords(ms: number | null): string {
  if (ms === null) return "–";
  const minutes = Math.round(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

export const shareWords = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${Math.round((part / whole) * 100)} %`;
