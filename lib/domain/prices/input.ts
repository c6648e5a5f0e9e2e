import { z } from "zod";
import { momentField } from "#lib/core/moment-field.ts";
import { type Micros, micros, type Pico, parseEuros } from "#lib/core/money.ts";

/** Euros for a million tokens, to a millionth. */
const price = z.string().transform((text, issue): Micros => {
  const amount = parseEuros(text);
  if (typeof amount === "bigint") return micros(amount / 1_000_000n);
  issue.addIssue({ code: "custom", message: "Enter an amount in euros, such as 0.15." });
  return z.NEVER;
});

/** The same where it may be left out; then what held before holds on. */
const optionalEuros = z
  .string()
  .default("")
  .transform((text, issue): Pico | null => {
    if (text.trim() === "") return null;
    const amount = parseEuros(text);
    if (typeof amount === "bigint") return amount;
    issue.addIssue({ code: "custom", message: "Enter an amount in euros, such as 0.15, or leave it empty." });
    return z.NEVER;
  });

export const priceInput = z.object({
  model: z.string().min(1, "Choose a model.").max(200),
  input: price,
  cachedInput: price,
  output: price,
  training: optionalEuros.transform((amount) => amount && micros(amount / 1_000_000n)),
  trainingMinimum: optionalEuros,
  storageMonth: optionalEuros,
  from: momentField,
});

export type PriceInput = z.output<typeof priceInput>;
