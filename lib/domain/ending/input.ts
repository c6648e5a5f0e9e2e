import { z } from "zod";
import { agreementFields } from "#lib/domain/terms/input.ts";

export const noticeInput = z.object({
  /** The end of a month, or at once where nothing is owed: what the page offered. */
  endsAt: z.union([
    z.literal("now"),
    z.iso.datetime({ error: "Choose when it ends." }).transform((at) => new Date(at)),
  ]),
  /** The name, typed: what is about to end should be before one's eyes. */
  name: z.string().trim().max(200),
  keysDeleted: z.literal("on", {
    error: "Tick the box: copies of API keys must be deleted when the agreement ends (T-4.2.1-KEY3).",
  }),
});

export const returnInput = z.object(agreementFields);

export const causeInput = z.object({
  by: z.enum(["provider", "customer"]),
  words: z.string().trim().min(10, "Say why, in words the customer reads.").max(2000),
  at: z.iso
    .datetime({ error: "Write it as 2027-01-01T00:00:00Z." })
    .transform((at) => new Date(at))
    .optional(),
});
