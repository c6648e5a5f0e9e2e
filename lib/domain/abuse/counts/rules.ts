/** What monitoring counts, month by month. */
export const countNames = [
  "ruleScanned",
  "modelScanned",
  "flags",
  "items",
  "opened",
  "dismissed",
  "warned",
  "restricted",
  "suspended",
  "legal",
  "expired",
] as const;
export type CountName = (typeof countNames)[number];
export type Counts = Record<CountName, number>;

export const noCounts = Object.fromEntries(countNames.map((name) => [name, 0])) as Counts;

/** What items led to, in words that follow a number. */
export const outcomeTitles = {
  dismissed: "dismissed",
  warned: "warned",
  restricted: "workspaces archived",
  suspended: "suspended",
  legal: "with legal",
  expired: "ended without a decision",
} as const satisfies Partial<Record<CountName, string>>;

/** What came of items, in one line. */
export function outcomesOf(counts: Counts, words: (count: number) => string): string {
  const names = Object.keys(outcomeTitles) as (keyof typeof outcomeTitles)[];
  const found = names.filter((name) => counts[name] > 0).map((name) => `${words(counts[name])} ${outcomeTitles[name]}`);
  return found.length > 0 ? found.join(", ") : "None";
}

const fewest = 5;

/** A published number. One that could point at a customer is not told exactly; zero points at none. */
export const publicCount = (value: number): string =>
  value > 0 && value < fewest ? `fewer than ${fewest}` : value.toLocaleString("en-GB");
