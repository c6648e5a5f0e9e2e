import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** Euros as staff type them, in cents. */
export const centsField = z
  .string()
  .trim()
  .regex(/^\d{1,9}([.,]\d{1,2})?$/, "Enter an amount in euros, such as 25 or 25.50.")
  .transform((text) => {
    const [whole = "0", fraction = ""] = text.split(/[.,]/);
    return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
  })
  .refine((amount) => amount > 0n, "Enter an amount above zero.");

export const grantInput = z.object({
  organizationId: idField("organization"),
  amount: centsField,
  kind: z.enum(["promo", "goodwill", "purchased"]),
  reason: z.string().trim().min(3, "Say why, in a few words the customer reads.").max(300),
  expiresOn: z
    .union([z.literal(""), z.iso.date()])
    .optional()
    .transform((day) => (day ? day : undefined)),
});
