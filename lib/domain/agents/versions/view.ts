import type { Id } from "#db/id.ts";
import type { AgentContent } from "#db/schema/agents.ts";

/** What an agent was at one publishing. */
export type AgentVersion = {
  version: number;
  content: AgentContent;
  message: string | null;
  createdBy: Id<"user">;
  createdByName: string;
  createdAt: Date;
  attestedAt: Date | null;
};

export type AgentAlias = { alias: string; version: number; createdAt: Date; updatedAt: Date };
