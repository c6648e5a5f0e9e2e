import { z } from "zod";
import { ticketId } from "#lib/domain/help/input.ts";

export const rateInput = z.object({
  ticketId,
  verdict: z.enum(["good", "bad"], "Choose one of the two."),
  words: z.string().trim().max(500, "500 characters at most.").optional().default(""),
});
