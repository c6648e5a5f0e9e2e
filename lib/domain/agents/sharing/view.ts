import type { AgentView } from "#lib/domain/agents/view.ts";
import type { SharingChoices } from "#lib/domain/sharing/view.ts";

export type SharingView = SharingChoices & { agent: AgentView };

/** What else becomes reachable through an agent by another sharing of it. */
export type Reach = {
  added: string[];
  editors: string[];
  lost: string[];
  tools: string[];
  /** Agents it hands over to, under the rights of its owner; null where the person who shares cannot see which. */
  handoffs: { name: string | null; without: string[] }[];
  model: { name: string; isTuned: boolean };
  /** What is left of the tightest monthly limit that answers count against; null without one, or for who may not know. */
  leftPico: bigint | null;
};

/** An agent as a person of the workspace sees it, and why. */
export type SeenAgent = AgentView & { because: string[] };
