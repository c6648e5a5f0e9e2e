import type { AgentView } from "#lib/domain/agents/view.ts";
import type { SharingChoices } from "#lib/domain/sharing/view.ts";

export type SharingView = SharingChoices & { agent: AgentView };

/** An agent as a person of the workspace sees it, and why. */
export type SeenAgent = AgentView & { because: string[] };
