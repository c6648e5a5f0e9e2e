import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** What staff found out about a VAT number where no register answers by itself. */
export const recordCheckInput = z.object({
  organizationId: idField("organization"),
  answer: z.enum(["valid", "invalid"]),
  reference: z.string().trim().min(3, "Name the proof, such as the consultation number.").max(200),
});
