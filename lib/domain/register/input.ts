import { z } from "zod";

export const shownRows = ["needs-me", "running", "all"] as const;

/** Which clauses the page shows; nonsense is as if it were not there. */
export const clauseFilter = z.object({ show: z.enum(shownRows).catch("all").default("all") });
export type ClauseFilter = z.output<typeof clauseFilter>;
