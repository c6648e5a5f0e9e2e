import { z } from "zod";
import { sharingFields } from "#lib/domain/sharing/input.ts";

export const tunedModelName = z.string().max(300).startsWith("ft:", "There is no such tuned model.");

const line = (most: number) => z.string().trim().max(most, `At most ${most} characters.`);

export const tunedModelInput = z.object({ model: tunedModelName });
export const renameInput = z.object({
  model: tunedModelName,
  name: line(120)
    .transform((text) => text || null)
    .optional(),
  description: line(1000)
    .transform((text) => text || null)
    .optional(),
});
export const deleteInput = z.object({
  model: tunedModelName,
  /** Also where agents ask it: they then fail until another model is chosen for them. */
  force: z.enum(["true", "false"]).default("false"),
});
export const tunedSharingInput = z.object({ model: tunedModelName, ...sharingFields });
export const checkpointInput = z.object({ model: tunedModelName, step: z.coerce.number().int().min(1) });
