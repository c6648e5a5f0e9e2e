import { z } from "zod";
import { type Micros, micros, parseEuros } from "#lib/core/money.ts";
import { moment } from "#lib/domain/thresholds/input.ts";

/** Euros for a million tokens, to a millionth. */
const price = z.string().transform((text, issue): Micros => {
  const amount = parseEuros(text);
  if (typeof amount === "bigint") return micros(amount / 1_000_000n);
  issue.addIssue({ code: "custom", message: "Enter an amount in euros, such as 0.15." });
  return z.NEVER;
});

export const priceInput = z.object({
  model: z.string().min(1, "Choose a model.").max(200),
  input: price,
  cachedInput: price,
  output: price,
  from: moment,
});
