import { z } from "zod";

/** A document's number, or the SHA-256 of its file in hexadecimal digits; whichever is there. */
export const verifyInput = z.object({
  what: z
    .string()
    .trim()
    .min(1, "Enter a number, or the SHA-256 of a file.")
    .max(200, "Enter a number, or the SHA-256 of a file.")
    .transform((text) => text.replace(/\s+/g, "")),
});
