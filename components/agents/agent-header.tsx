import type { ComponentProps, ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { AgentSummary } from "#lib/domain/agents/view.ts";
import { AgentAvatar } from "./agent-avatar.tsx";
import { stateOf } from "./agent-words.ts";

export type AgentTab = "build" | "versions" | "sharing";

type Props = {
  agent: AgentSummary;
  /** The agent's own address. */
  base: string;
  current: AgentTab;
  /** Whether the person who looks may change it: otherwise the first tab only shows it. */
  canEdit: boolean;
  /** What can be done with the agent as a whole. */
  menu?: ReactNode;
};

/** The heading of an agent's pages: whose they are, and its parts. */
export function agentHeading({ agent, base, current, canEdit, menu }: Props): ComponentProps<typeof PageHeader> {
  const state = stateOf(agent);
  return {
    title: (
      <span className="inline-flex items-center gap-2.5">
        <AgentAvatar name={agent.name} color={agent.color} size="large" />
        {agent.name}
      </span>
    ),
    badge: <Badge tone={state.tone}>{state.words}</Badge>,
    description: `@${agent.handle}`,
    action: menu,
    tabs: (
      <div>
        <Segments
          label="Parts of the agent"
          segments={[
            { href: base, label: canEdit ? "Build" : "About", current: current === "build" },
            { href: `${base}/versions`, label: "Versions", current: current === "versions" },
            { href: `${base}/sharing`, label: "Sharing", current: current === "sharing" },
          ]}
        />
      </div>
    ),
  };
}
