import { formatEuros } from "#lib/money.ts";

/** One day of one model or key. */
export type UsageDay = {
  day: string;
  id: string;
  name: string;
  requests: number;
  failed: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  costPico: bigint;
};

export const measures = ["cost", "tokens", "requests"] as const;
export type Measure = (typeof measures)[number];

export const measureOf = (asked: unknown): Measure => measures.find((measure) => measure === asked) ?? "cost";

export const measureWords: Record<Measure, string> = { cost: "Cost", tokens: "Tokens", requests: "Requests" };

const counts = new Intl.NumberFormat("en-IE");

export const formatCount = (count: number | bigint): string => counts.format(count);

/** Money and counts never share an axis, so every amount is read through one measure. */
export const amountOf: Record<Measure, (day: UsageDay) => bigint> = {
  cost: (day) => day.costPico,
  tokens: (day) => BigInt(day.promptTokens + day.completionTokens),
  requests: (day) => BigInt(day.requests),
};

export const formatAmount = (measure: Measure, amount: bigint): string =>
  measure === "cost" ? formatEuros(amount) : formatCount(amount);
