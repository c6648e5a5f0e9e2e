/** What is counted of a workspace and day, and told as unusual. */
export const usageMeasures = ["requests", "endUsers", "networks"] as const;
export type UsageMeasure = (typeof usageMeasures)[number];

/** Days a day is compared with, and the fewest of them that tell what is usual. */
export const usualDays = 28;
const fewestDays = 7;

/** Below these nothing is unusual, whatever was usual. */
const floors: Record<UsageMeasure, number> = { requests: 1000, endUsers: 50, networks: 20 };

/** How many robust deviations from the median of the own days are unusual. */
const mostDeviations = 6;
/** The median of absolute deviations times this is the standard deviation of what is normally distributed. */
const toDeviation = 1.4826;
/** Days that are all alike do not make the next one unusual for a trifle. */
const leastDeviation = 0.05;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

export type Unusual = { value: number; usual: number; score: number };

/** A4: what is unusual about a day, by the workspace's own days before it; null where nothing is. */
export function unusual(measure: UsageMeasure, value: number, before: readonly number[]): Unusual | null {
  if (value < floors[measure] || before.length < fewestDays) return null;
  const usual = median(before);
  const spread = toDeviation * median(before.map((one) => Math.abs(one - usual)));
  const score = (value - usual) / Math.max(spread, leastDeviation * usual, 1);
  return score >= mostDeviations ? { value, usual, score } : null;
}

export type Stops = { answers: number; stops: number };

const [fewestAnswers, fewestStops, leastShare, timesUsual] = [200, 20, 0.05, 3];

/** A3: whether far more of a day's answers were stopped by a filter, or refused, than is the workspace's own share. */
export function refused(day: Stops, before: readonly Stops[]): Unusual | null {
  const answers = before.reduce((sum, one) => sum + one.answers, 0);
  if (day.answers < fewestAnswers || day.stops < fewestStops) return null;
  if (before.length < fewestDays || answers < fewestAnswers) return null;
  const value = day.stops / day.answers;
  const usual = before.reduce((sum, one) => sum + one.stops, 0) / answers;
  if (value < leastShare || value < timesUsual * usual) return null;
  return { value, usual, score: value / Math.max(usual, leastShare / timesUsual) };
}

/** What is unusual, in a sentence for the customer. */
export function unusualWords(measure: UsageMeasure, { value, usual }: Unusual, day: string): string {
  const [much, often] = [value.toLocaleString("en-GB"), Math.round(usual).toLocaleString("en-GB")];
  const what = { requests: "requests were made", endUsers: "end users were named", networks: "networks asked" };
  return `On ${day} (UTC) ${much} ${what[measure]}; about ${often} a day are usual.`;
}
