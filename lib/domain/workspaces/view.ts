import type { Id } from "#db/id.ts";

export type WorkspaceView = {
  id: Id<"workspace">;
  name: string;
  isDefault: boolean;
  /** Who agents made in it are shared with. */
  agentVisibility: "workspace" | "restricted";
  createdAt: Date;
  archivedAt: Date | null;
  people: number;
  /** Keys that still work. */
  keys: number;
};

/** What stops when a workspace is archived. */
export type ArchiveEffect = { keys: number; callers: number; people: number; limits: number };
