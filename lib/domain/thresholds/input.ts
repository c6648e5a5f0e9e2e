import { z } from "zod";
import { momentField } from "#lib/core/moment-field.ts";
import { thresholdsType } from "#lib/domain/contract/keys/rules.ts";
import { thresholdsOf } from "#lib/domain/orders/rules.ts";

export const thresholdsInput = z.object({
  amounts: z
    .string()
    .max(2_000)
    .transform((text, issue) => {
      const parsed = thresholdsType.safeParse(thresholdsOf(text.trim()));
      if (parsed.success) return parsed.data;
      issue.addIssue({ code: "custom", message: "Write amounts as 50; 200; 500; then every 1000.00." });
      return z.NEVER;
    }),
  from: momentField,
});
