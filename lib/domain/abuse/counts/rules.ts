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

const fewest = 5;

/** A published number. One that could point at a customer is not told exactly; zero points at none. */
export const publicCount = (value: number): string =>
  value > 0 && value < fewest ? `fewer than ${fewest}` : value.toLocaleString("en-GB");
