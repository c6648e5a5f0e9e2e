import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { batchSorts, batchStateGroups } from "./rules.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
type Group = keyof typeof batchStateGroups;

export const batchListFilter = listInput(batchSorts, {
  state: optional(z.enum(Object.keys(batchStateGroups) as [Group, ...Group[]])),
});
export type BatchPlace = z.output<typeof batchListFilter>;
