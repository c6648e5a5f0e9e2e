import { z } from "zod";
import { type Id, isId } from "#db/id.ts";
import { readLimit } from "./rules.ts";

/** A limit as typed: empty means none. */
export const limitAmount = z.string().transform((text, issue) => {
  const read = readLimit(text);
  if (read.ok) return read.limitPico;
  issue.addIssue({ code: "custom", message: read.message });
  return z.NEVER;
});

const stepsMost = 6;
const stepsMessage = "Write whole per cents from 1 to 100, such as 50, 80, 100.";

/** Steps of letters as typed: "50, 80, 100". Empty means no letters. */
export const alertSteps = z.string().transform((text, issue) => {
  const words = text.split(/[\s,;%]+/).filter(Boolean);
  const steps = [...new Set(words.map(Number))].toSorted((a, b) => a - b);
  const areSteps = words.every((word) => /^\d{1,3}$/.test(word)) && steps.every((step) => step >= 1 && step <= 100);
  if (!areSteps) issue.addIssue({ code: "custom", message: stepsMessage });
  else if (steps.length > stepsMost) issue.addIssue({ code: "custom", message: `At most ${stepsMost} steps.` });
  else return steps;
  return z.NEVER;
});

export const limitInput = z.object({
  limit: limitAmount,
  /** Left out, the steps stay as they are. */
  alerts: alertSteps.optional(),
});
export type LimitInput = z.output<typeof limitInput>;

const id = z.string().refine((text): text is Id<"key"> => isId("key", text), "This is not a key id.");

export const keyLimitInput = limitInput.extend({ id, period: z.enum(["month", "lifetime"]) });
export type KeyLimitInput = z.output<typeof keyLimitInput>;
