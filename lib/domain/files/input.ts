import { z } from "zod";
import { filePurposes, fileSources, fileVisibilities, sampleTypes } from "#db/schema/files.ts";
import { fileNameOf } from "#lib/core/file-name.ts";
import { idField } from "#lib/core/id-field.ts";
import { hasLines } from "./rules.ts";

export const filePurpose = z.enum(filePurposes);
export const fileVisibility = z.enum(fileVisibilities);
export const sampleType = z.enum(sampleTypes);
export const fileSource = z.enum(fileSources);

const purpose = z.enum(filePurposes, {
  error: ({ input }) =>
    input === "ocr" ? "Reading documents is not offered here." : "The purpose is fine-tune or batch.",
});

/** What is said of a file that is sent, by the names of the wire; `file` is its own name. */
export const keepInput = z
  .strictObject({
    file: z.string().transform((name) => fileNameOf(name)),
    purpose: purpose.optional().default("fine-tune"),
    visibility: fileVisibility.optional().default("workspace"),
    expiry: z.coerce
      .number("Hours, in whole numbers.")
      .int("Hours, in whole numbers.")
      .min(1, "An hour at least.")
      .max(24 * 3650, "Ten years at most.")
      .optional(),
  })
  .refine(({ file }) => hasLines(file), {
    path: ["file"],
    error: "This file is not JSON Lines: its name must end in .jsonl.",
  });

export const fileInput = z.object({ file: idField("file", "There is no such file.") });
