import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { messageBody } from "#lib/domain/help/input.ts";

const macroId = idField("macro", "There is no such macro.");

export const saveMacroInput = z.object({
  /** Empty for a new one. */
  macroId: z.union([z.literal("").transform(() => undefined), macroId]).optional(),
  name: z.string().trim().min(2, "Give it a name.").max(80, "80 characters at most."),
  body: messageBody,
  note: z.string().trim().max(2000, "2,000 characters at most.").optional().default(""),
  state: z.enum(["waiting", "resolved"]).optional().default("waiting"),
});

export const retireMacroInput = z.object({ macroId });
