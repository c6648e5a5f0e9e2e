import { z } from "zod";
import { sampleTypes } from "#db/schema/files.ts";
import { listInput } from "#lib/core/list/input.ts";
import { problemsMost, type RuleId, rules } from "#lib/engine/datasets/rules.ts";
import { fileSorts, fileStates } from "./rules.ts";

export const fileFilter = listInput(fileSorts, {
  kind: z.enum(sampleTypes).optional().catch(undefined),
  state: z.enum(fileStates).optional().catch(undefined),
});
export type FileListFilter = z.output<typeof fileFilter>;

/** Which problems of a file a page shows. */
export const problemFilter = z.object({
  rule: z
    .enum(Object.keys(rules) as [RuleId, ...RuleId[]])
    .optional()
    .catch(undefined),
  from: z.coerce.number().int().min(0).max(problemsMost).catch(0),
});
