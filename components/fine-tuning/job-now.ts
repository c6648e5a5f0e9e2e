import { z } from "zod";
import { statusWords } from "#lib/domain/fine-tuning/listing/rules.ts";

/** A job as its page follows it, in the words of the answer that it reads again and again. Money is in words. */
export const jobNow = z.object({
  status: z.enum(Object.keys(statusWords) as [keyof typeof statusWords, ...(keyof typeof statusWords)[]]),
  trainedSteps: z.number(),
  steps: z.number(),
  trainedTokens: z.number(),
  cost: z.string(),
  quote: z.string(),
  secondsLeft: z.number().nullable(),
  points: z.array(
    z.object({
      step: z.number(),
      trainLoss: z.number().nullable(),
      validLoss: z.number().nullable(),
      accuracy: z.number().nullable(),
    }),
  ),
  checkpoints: z.array(z.number()),
  best: z.number().nullable(),
});
export type JobNow = z.output<typeof jobNow>;

const over: ReadonlySet<JobNow["status"]> = new Set(["SUCCESS", "FAILED", "FAILED_VALIDATION", "CANCELLED"]);
export const isOver = ({ status }: Pick<JobNow, "status">): boolean => over.has(status);

/** "2 min 5 s". */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
