import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { fileBytesMost } from "#lib/domain/files/rules.ts";

const bytes = z.coerce
  .number()
  .int("Bytes, in whole numbers.")
  .min(1, "This file is empty.")
  .max(fileBytesMost, "This file is larger than 512 MiB, which is the most.");

/** What is said of a file before its parts come. */
export const beginInput = z.object({ about: keepInput, bytes });

/** What a browser is let send: one file of this name and size. */
export const ticketInput = z.object({ name: z.string().min(1).max(400), bytes });

export const uploadInput = z.object({ upload: idField("upload", "There is no such upload.") });
