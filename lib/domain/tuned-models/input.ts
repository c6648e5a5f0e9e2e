import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { sharingFields } from "#lib/domain/sharing/input.ts";
import { tunedModelSorts, tunedModelStates } from "./rules.ts";

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
export const deleteInput = z
  .object({
    model: tunedModelName,
    /** In the console, the id again, typed. */
    confirm: z.string().trim().optional(),
    /** Also where agents ask it: they then fail until another model is chosen for them. */
    force: z.enum(["true", "false"]).default("false"),
  })
  .refine(({ model, confirm }) => confirm === undefined || confirm === model, {
    path: ["confirm"],
    error: "Type the id as it is shown.",
  });
export const tunedSharingInput = z.object({ model: tunedModelName, ...sharingFields });
export const checkpointInput = z.object({ model: tunedModelName, step: z.coerce.number().int().min(1) });

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const tunedModelFilter = listInput(tunedModelSorts, {
  state: optional(z.enum(tunedModelStates)),
  owner: optional(z.literal("me")),
});
export type TunedModelPlace = z.output<typeof tunedModelFilter>;
