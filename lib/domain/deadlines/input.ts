import { z } from "zod";
import type { Id } from "#db/id.ts";
import { deadlineOwners } from "#db/schema/contract.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { type DeadlineShow, deadlineShows } from "./rules.ts";

/** What the address of the desk's queue may say; nonsense is as if it were not there. */
export const deadlineFilter = listInput(["due", "opened"], {
  show: z.enum(deadlineShows).optional().catch(undefined),
  owner: z.enum(deadlineOwners).optional().catch(undefined),
});
export type DeadlineFilter = z.output<typeof deadlineFilter>;

/** What a program may ask: which ones, and where to go on. */
export const deadlineSliceInput = z.object({
  show: z.enum(deadlineShows).default("open"),
  after: idField("deadline", "This is not the id of a deadline.").optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
export type DeadlineSlice = { show: DeadlineShow; after?: Id<"deadline"> | undefined; limit: number };
