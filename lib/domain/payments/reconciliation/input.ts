import { z } from "zod";

export const settleDifferenceInput = z.object({
  provider: z.enum(["manual", "sandbox", "stripe"]),
  ref: z.string().min(1).max(200),
  words: z.string().trim().min(3, "Say what became of it.").max(500),
});
