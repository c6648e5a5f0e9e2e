import { z } from "zod";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-11-23.");

export const usageFilter = z.object({
  from: day.optional(),
  to: day.optional(),
  by: z.enum(["model", "key"]).default("model").catch("model"),
});
