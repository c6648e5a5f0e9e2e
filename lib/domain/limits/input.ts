import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { keyLimitSorts, readLimit, readSteps } from "./rules.ts";

/** A limit as typed: empty means none. */
export const limitAmount = z.string().transform((text, issue) => {
  const read = readLimit(text);
  if (read.ok) return read.limitPico;
  issue.addIssue({ code: "custom", message: read.message });
  return z.NEVER;
});

/** Steps of letters as typed: "50, 80, 100". Empty means no letters. */
export const alertSteps = z.string().transform((text, issue) => {
  const steps = readSteps(text);
  if (steps) return steps;
  issue.addIssue({ code: "custom", message: "Write up to six whole per cents from 1 to 100, such as 50, 80, 100." });
  return z.NEVER;
});

export const limitInput = z.object({
  limit: limitAmount,
  /** Left out, the steps stay as they are. */
  alerts: alertSteps.optional(),
});
export type LimitInput = z.output<typeof limitInput>;

const id = idField("key", "This is not a key id.");

export const keyLimitInput = limitInput.extend({ id, period: z.enum(["month", "lifetime"]) });

/** What the address of the limits by key can say. */
export const keyLimitFilter = listInput(keyLimitSorts, {});
export type KeyLimitFilter = z.output<typeof keyLimitFilter>;
