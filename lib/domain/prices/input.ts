import { z } from "zod";
import { momentField } from "#lib/core/moment-field.ts";
import { type Micros, micros, parseEuros } from "#lib/core/money.ts";

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
  from: momentField,
});
