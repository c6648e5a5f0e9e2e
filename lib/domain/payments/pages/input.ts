import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { localPath } from "#lib/core/local-path.ts";

/** Where a person comes back to: a page of ours. */
const returnTo = z
  .string()
  .max(500)
  .refine((path) => localPath(path) !== null, "must be a path of this console");

export const beginSetupInput = z.object({ returnTo });
export const payInput = z.object({ invoiceId: idField("invoice"), returnTo });
