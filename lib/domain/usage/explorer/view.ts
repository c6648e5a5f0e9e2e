import type { Figures } from "#lib/domain/usage/rules.ts";

/** What one model, key or other had in one day or hour; with the id null, all that have no point of their own. */
export type UsagePoint = Figures & { bucket: string; id: string | null };

/** A row of the table: what it is of, its figures, and those of the period before. */
export type UsageTotal = { id: string; name: string; now: Figures; before: Figures };

export type Explored = {
  /** The biggest by the question's measure, then what is left of them. */
  totals: UsageTotal[];
  /** How many are in the last row. */
  others: number;
  sum: { now: Figures; before: Figures };
  /** What the chart stacks: its rows and, with the id null, everything else of the period. */
  points: UsagePoint[];
  /** The period before, by the same number of hours or days. */
  before: { bucket: string; figures: Figures }[];
  /** Where the range is a month: what its counter says, at the same moment. */
  month: { month: string; settledPico: bigint } | undefined;
};
