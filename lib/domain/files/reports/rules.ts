import type { Id } from "#db/id.ts";

/** What a report is sealed for, so that it opens for its own file alone. */
export const reportLabel = (id: Id<"file">): string => `report of ${id}`;
