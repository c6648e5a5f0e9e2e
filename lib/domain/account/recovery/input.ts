import { z } from "zod";

export const recoveryInput = z.object({
  code: z.string().trim().min(1, "Enter one of your recovery codes.").max(40, "This is longer than a recovery code."),
});
