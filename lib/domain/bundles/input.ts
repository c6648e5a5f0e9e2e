import { z } from "zod";
import { emailAddress } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";

/** An address of an archive, as it was made for one person. */
export const takeInput = z.object({
  id: idField("bundle"),
  expires: z.coerce.number().int().min(0).max(1e11),
  signature: z.string().max(100),
  range: z.string().max(100).nullable(),
});

/** The admin that the operator asks for. */
export const bundleForInput = z.object({ email: emailAddress() });
