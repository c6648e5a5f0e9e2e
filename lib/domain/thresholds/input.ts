import { z } from "zod";
import { thresholdsType } from "#lib/domain/contract/keys/rules.ts";
import { thresholdsOf } from "#lib/domain/orders/rules.ts";

/** A moment (UTC) as `2026-12-31` or `2026-12-31T10:00`; empty: at once. */
export const moment = z.preprocess(
  (text) => (typeof text === "string" && text.trim() !== "" ? text.trim() : null),
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/, "Write a day as 2026-12-31.")
    .transform((text) => new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text}:00Z`))
    .refine((at) => !Number.isNaN(at.getTime()), "There is no such day.")
    .nullable(),
);

export const thresholdsInput = z.object({
  amounts: z
    .string()
    .max(2_000)
    .transform((text, issue) => {
      const parsed = thresholdsType.safeParse(thresholdsOf(text.trim()));
      if (parsed.success) return parsed.data;
      issue.addIssue({ code: "custom", message: "Write amounts as 50; 200; 500; then every 1000.00." });
      return z.NEVER;
    }),
  from: moment,
});
