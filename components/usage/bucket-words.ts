import { dateWords } from "#components/ui/time-words.ts";

const startOf = (bucket: string): Date => new Date(bucket.length > 10 ? `${bucket}:00Z` : `${bucket}T00:00:00Z`);

/** "23 Nov". */
export const dayWords = (bucket: string): string => dateWords(startOf(bucket)).replace(/ \d{4}$/, "");

/** "23 Nov 2026" or "23 Nov 2026, 05:00". */
export const bucketWords = (bucket: string): string =>
  bucket.length > 10 ? `${dateWords(startOf(bucket))}, ${bucket.slice(11)}:00` : dateWords(startOf(bucket));

const mostLabels = 6;
const fewHours = 48;

/** The words under the bars and how many bars lie between two: days by name, the hours of a day or two by the clock. */
export function axisOf(buckets: readonly string[]): { labels: string[]; labelStep: number } {
  const isHours = (buckets[0]?.length ?? 0) > 10;
  if (!isHours)
    return { labels: buckets.map(dayWords), labelStep: Math.max(1, Math.ceil(buckets.length / mostLabels)) };
  if (buckets.length > fewHours)
    return { labels: buckets.map(dayWords), labelStep: 24 * Math.ceil(buckets.length / 24 / mostLabels) };
  return { labels: buckets.map((bucket) => `${bucket.slice(11)}:00`), labelStep: buckets.length > 24 ? 12 : 4 };
}
