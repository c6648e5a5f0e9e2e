import { z } from "zod";

/** A moment (UTC) as `2026-12-31` or `2026-12-31T10:00`; empty: at once. */
export const momentField = z.preprocess(
  (text) => (typeof text === "string" && text.trim() !== "" ? text.trim() : null),
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/, "Write a day as 2026-12-31.")
    .transform((text) => new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text}:00Z`))
    .refine((at) => !Number.isNaN(at.getTime()), "There is no such day.")
    .nullable(),
);
