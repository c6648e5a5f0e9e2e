import type { AgentContent } from "#db/schema/agents.ts";
import {
  type Right,
  type SharedFacts,
  type SharedKind,
  type SharingStanding,
  sharedRights,
} from "#lib/domain/sharing/rules.ts";

/** What agents ask of those who look at them, use them and build them. */
export const agentKind = {
  read: "agents.read",
  use: "agents.use",
  build: "agents.write",
} as const satisfies SharedKind & {
  read: string;
};

/** What of an agent decides who may do what with it. */
export type AgentFacts = SharedFacts & {
  /** Null: nothing is published yet. */
  version: number | null;
};

/** Everything a person may do with an agent; nothing at all where they must not even know of it. */
export function rightsOf(who: SharingStanding, agent: AgentFacts): ReadonlySet<Right> {
  const found = sharedRights(who, agent);
  if (agent.version === null) {
    found.delete("use");
    if (!found.has("edit") && !found.has("manage")) found.delete("see");
  }
  return found;
}

/** Whether a person may do this with an agent. */
export const may = (who: SharingStanding, what: Right, agent: AgentFacts): boolean => rightsOf(who, agent).has(what);

/** What a draft or an import begins with. */
export const emptyContent = (model: string): AgentContent => ({
  model,
  description: null,
  instructions: null,
  examples: [],
  tools: [],
  completion_args: {},
  handoffs: null,
  metadata: null,
});
