import { z } from "zod";
import type { Sort } from "./rules.ts";

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** The words searched for. */
export const searchField = optional(z.string().trim().min(1).max(100));
const cursorField = optional(z.string().min(1).max(400));

/** The parameters of a list's address: search, sort and place, and its own filters. Nonsense is as if it were not there. */
export function listInput<S extends string, F extends z.ZodRawShape>(sorts: readonly S[], filters: F) {
  const orders = sorts.flatMap((name): Sort<S>[] => [name, `-${name}`]);
  return z.object({
    ...filters,
    q: searchField,
    sort: optional(z.enum(orders as [Sort<S>, ...Sort<S>[]])),
    after: cursorField,
    before: cursorField,
  });
}
