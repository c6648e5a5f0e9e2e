import { z } from "zod";

/** A batch as its page follows it. */
export const batchNow = z.object({
  status: z.string(),
  isOver: z.boolean(),
  total: z.number(),
  answered: z.number(),
  refused: z.number(),
  tokens: z.number(),
  costPico: z.string(),
  waitsFor: z.string().nullable(),
});
export type BatchNow = z.output<typeof batchNow>;
