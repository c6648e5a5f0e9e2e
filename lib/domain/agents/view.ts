import type { Id } from "#db/id.ts";
import type { Grant, Right } from "#lib/domain/sharing/rules.ts";

export type AgentColor = "teal" | "blue" | "violet" | "pink" | "red" | "amber" | "green" | "slate";
export type AgentVisibility = "workspace" | "restricted";

/** What lists and headings show of an agent. */
export type AgentSummary = {
  id: Id<"agent">;
  name: string;
  handle: string;
  color: AgentColor;
  /** Null: nothing is published yet. */
  version: number | null;
  hasDraft: boolean;
  visibility: AgentVisibility;
};

/** An agent as the person who asks sees it, without what it is told. */
export type AgentView = AgentSummary & {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  ownerId: Id<"user">;
  ownerName: string;
  source: "api" | "playground" | "agent_builder_v1";
  deploymentChat: boolean;
  draftBy: Id<"user"> | null;
  createdAt: Date;
  updatedAt: Date;
  rights: ReadonlySet<Right>;
  grants: Grant[];
};

/** An agent among others to choose from. */
export type NamedAgent = Pick<AgentSummary, "id" | "name" | "handle">;

export const colorWords: Record<AgentColor, string> = {
  teal: "Teal",
  blue: "Blue",
  violet: "Violet",
  pink: "Pink",
  red: "Red",
  amber: "Amber",
  green: "Green",
  slate: "Slate",
};

export const sharingWords: Record<AgentVisibility, string> = {
  workspace: "Whole workspace",
  restricted: "Restricted",
};
