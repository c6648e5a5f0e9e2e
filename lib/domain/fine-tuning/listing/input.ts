import { z } from "zod";
import { listInput } from "#lib/core/list/input.ts";
import { jobSorts, stateGroups } from "./rules.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const jobListFilter = listInput(jobSorts, {
  state: optional(z.enum(Object.keys(stateGroups) as [keyof typeof stateGroups, ...(keyof typeof stateGroups)[]])),
  maker: optional(z.literal("me")),
});
export type JobPlace = z.output<typeof jobListFilter>;
