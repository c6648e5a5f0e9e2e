import type { Maker } from "./chat-items.ts";

/** What agents are called, of those a person may know of, deleted ones too. */
export type AgentNames = Readonly<Record<string, string>>;

/** Who made an answer, and as which version. */
export function makerWords({ agentId, agentVersion, model }: Maker, names: AgentNames): string {
  if (!agentId) return model ?? "";
  const name = names[agentId] ?? "An agent you cannot see any more";
  return `${name}, ${agentVersion === null ? "draft" : `version ${agentVersion}`}`;
}
