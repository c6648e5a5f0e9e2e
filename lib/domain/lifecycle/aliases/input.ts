import { z } from "zod";
import { momentField } from "#lib/core/moment-field.ts";
import { modelName } from "#lib/domain/lifecycle/input.ts";

export const moveAliasInput = z.object({
  alias: modelName,
  to: modelName,
  from: momentField.pipe(z.date({ error: "Say from when, as 2026-12-31." })),
});
