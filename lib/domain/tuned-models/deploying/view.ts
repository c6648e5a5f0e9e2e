import type { Id } from "#db/id.ts";
import type { tunedModelServers } from "#db/schema/tuned-models.ts";
import type { Standing } from "./rules.ts";

export type ServerRow = typeof tunedModelServers.$inferSelect;

/** A model that servers should have. */
export type Deployable = Standing & {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  id: string;
  base: string;
  blob: { id: Id<"blob">; bytes: number; key: Buffer | null };
};

/** How a server is called in receipts and lists: its upstream, and its place there. */
export const serverName = ({ upstream, replica }: Pick<ServerRow, "upstream" | "replica">): string =>
  `${upstream}/${replica}`;

export const isSettled = ({ state }: Pick<ServerRow, "state">): boolean => state === "unloaded" || state === "gone";

const receiptStates = {
  missing: "has_it",
  loaded: "has_it",
  unloading: "has_it",
  unloaded: "unloaded",
  gone: "not_configured",
} as const;

/** What a receipt says of the servers that had a deleted model. */
export const serversOnReceipt = (rows: readonly ServerRow[]) =>
  rows.map((row) => ({
    server: serverName(row),
    adapter: row.adapter,
    state: receiptStates[row.state],
    since: row.changedAt,
  }));
