import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { purgedClasses, type RetentionClassName } from "#lib/domain/retention/classes/rules.ts";

export const carryOutInput = z.object({
  organizationId: idField("organization"),
  id: idField("deletion"),
  classes: z
    .preprocess(
      (sent) => (Array.isArray(sent) ? sent : [sent]).filter((one) => one !== undefined && one !== ""),
      z.array(z.enum(purgedClasses as [RetentionClassName, ...RetentionClassName[]])),
    )
    .refine((classes) => classes.length > 0, "Choose what is deleted."),
});
