import { z } from "zod";
import { factorName } from "#lib/domain/account/factors/input.ts";

/** As typed: apps show the digits in two groups. */
export const typedCode = z
  .string()
  .transform((text) => text.replace(/\s/g, ""))
  .pipe(z.string().regex(/^\d{6}$/, "Enter the six digits the app shows."));

export const addAuthenticatorInput = z.object({
  enrolmentToken: z.string().regex(/^[\w-]{40,600}$/, "Start again."),
  code: typedCode,
  name: factorName,
});
