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

/** Mending and splitting, by the names of the wire. */
export const mendInput = z.object({
  file: idField("file", "There is no such file."),
  dryRun: z.boolean().default(false),
});

export const splitInput = z.object({
  file: idField("file", "There is no such file."),
  share: z.coerce
    .number()
    .gt(0, "More than 0.")
    .max(0.05, "At most 0.05: what is held out is not trained on.")
    .default(0.05),
  seed: z.coerce
    .number()
    .int("A whole number.")
    .min(0)
    .max(2 ** 31)
    .default(0),
});

export const linkInput = z.object({
  file: idField("file", "There is no such file."),
  hours: z.coerce
    .number()
    .int("Hours, in whole numbers.")
    .min(1, "An hour at least.")
    .max(168, "A week at most.")
    .default(24),
});
