import type { FinishReason } from "#lib/engine/port/port.ts";
import { createStopWindow } from "./stop-window.ts";
import { createDecoder, type Vocabulary } from "./tokenizer.ts";

export type Limits = {
  maxTokens: number;
  windowLeft: number;
  stop: readonly string[];
  copies?: readonly string[] | undefined;
};

/** Tokens produced so far; counted as they are, so that an aborted answer knows what it cost. */
export type Tally = { completionTokens: number };

/** Text of the tokens as it becomes certain, and why it ended. A null is a pause in which others may work. */
export function* write(
  vocabulary: Vocabulary,
  tokens: Iterable<number>,
  limits: Limits,
  tally: Tally,
): Generator<string | null, FinishReason> {
  const decoder = createDecoder(vocabulary, limits.copies);
  const stops = createStopWindow(limits.stop.filter((stop) => stop !== ""));
  const budget = { left: Math.min(limits.maxTokens, limits.windowLeft), isSpent: false };
  for (const token of upTo(budget, tokens)) {
    tally.completionTokens++;
    const { text, stopped } = stops.push(decoder.push(token));
    yield text === "" ? null : text;
    if (stopped) return "stop";
  }
  const { text, stopped } = stops.push(decoder.flush());
  yield stopped ? text : text + stops.flush();
  if (stopped || !budget.isSpent) return "stop";
  return limits.maxTokens <= limits.windowLeft ? "length" : "model_length";
}

/** Tokens while the budget lasts; it is spent when there would have been one more. */
function* upTo(budget: { left: number; isSpent: boolean }, tokens: Iterable<number>): Generator<number> {
  for (const token of tokens) {
    budget.isSpent = budget.left <= 0;
    if (budget.isSpent) return;
    budget.left--;
    yield token;
  }
}
