import { z } from "zod";
import { promptsMost } from "./rules.ts";

const tokens = z.number().int().min(0).max(1_000_000);
const side = z
  .object({
    promptTokens: tokens,
    cachedTokens: tokens,
    completionTokens: tokens,
    ms: z.number().int().min(0).max(3_600_000),
  })
  .refine(({ promptTokens, cachedTokens }) => cachedTokens <= promptTokens);

const verdicts = ["better", "same", "worse"] as const;
export type TrialVerdict = (typeof verdicts)[number];

const judged = z
  .array(z.object({ current: side, replacement: side, verdict: z.enum(verdicts) }))
  .min(1, "Judge at least one prompt.")
  .max(promptsMost);

/** What each answer took and how it was judged. There is no place in it for what was asked or answered. */
export const keepTrialInput = z.object({
  model: z.string().min(1).max(200),
  judged: z
    .string()
    .max(20_000)
    .transform((text, issue): z.output<typeof judged> => {
      try {
        const found = judged.safeParse(JSON.parse(text));
        if (found.success) return found.data;
        issue.addIssue({ code: "custom", message: found.error.issues[0]?.message ?? "This is no trial." });
      } catch {
        issue.addIssue({ code: "custom", message: "This is no trial." });
      }
      return z.NEVER;
    }),
});
