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

const fewest = 5;

/** A published number. One that could point at a customer is not told exactly; zero points at none. */
export const publicCount = (value: number): string =>
  value > 0 && value < fewest ? `fewer than ${fewest}` : value.toLocaleString("en-GB");
