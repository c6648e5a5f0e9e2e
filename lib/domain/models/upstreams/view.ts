import type { upstreamStates } from "#db/schema/models.ts";

type Row = typeof upstreamStates.$inferSelect;

/** How one process finds one upstream with one model. */
export type UpstreamSeen = Pick<Row, "processId" | "upstream" | "model" | "state" | "since" | "reason">;
