import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { endUserSorts, grains, measures } from "./rules.ts";

const word = z
  .string()
  .max(400)
  .optional()
  .transform((text) => text || undefined)
  .catch(undefined);

/** What the address of the usage page may say; anything that makes no sense in it is as if it were not there. */
export const usageFilter = z.object({
  from: word,
  to: word,
  by: z.enum(["model", "key", "end_user", "workspace"]).catch("model"),
  grain: z.enum(grains).optional().catch(undefined),
  measure: z.enum(measures).catch("cost"),
  view: z.enum(["chart", "table"]).catch("chart"),
  compare: z.enum(["previous", "none"]).catch("previous"),
  workspace: z.enum(["this", "all"]).catch("this"),
  model: word,
  key: word,
  end_user: word,
});

/** What the address can say of the list of end users under the figures. */
export const endUserFilter = listInput(endUserSorts, {});
export type EndUserFilter = z.output<typeof endUserFilter>;
