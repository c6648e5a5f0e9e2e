import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { customerTypes } from "#lib/domain/account/input.ts";

export const correctTypeInput = z.object({
  organizationId: idField("organization"),
  customerType: z.enum(customerTypes, { error: "Choose one of them." }),
  reason: z
    .string()
    .trim()
    .min(10, "Say why, in a sentence; the customer reads it.")
    .max(1000, "At most 1,000 characters."),
});
