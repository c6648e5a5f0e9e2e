import { Bot } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { FilterChoice } from "#components/ui/list/filter-chip.tsx";
import { List, type ListColumn, type ListRange } from "#components/ui/list/list.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ListPlace } from "#lib/core/list/rules.ts";
import { agentOrder, type agentSorts } from "#lib/domain/agents/builder/rules.ts";
import { type AgentSummary, type AgentView, sharingWords } from "#lib/domain/agents/view.ts";
import { AgentAvatar } from "./agent-avatar.tsx";
import { stateOf } from "./agent-words.ts";

type AgentSort = (typeof agentSorts)[number];

const columns: readonly ListColumn<AgentSort>[] = [
  { key: "name", label: "Name", sorts: "name" },
  { key: "model", label: "Model" },
  { key: "state", label: "State" },
  { key: "owner", label: "Owner", sorts: "owner" },
  { key: "sharing", label: "Shared with" },
  { key: "updated", label: "Updated", sorts: "-updated" },
];

const states = [
  { value: "published", label: "Published" },
  { value: "draft", label: "Draft" },
];
const owners = [{ value: "me", label: "My agents" }];

export type AgentRow = AgentSummary & Pick<AgentView, "ownerId" | "ownerName" | "updatedAt"> & { model: string };

type Props = {
  agents: readonly AgentRow[];
  range: ListRange;
  asked: ListPlace<AgentSort> & { state?: string | undefined; owner?: string | undefined };
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
  empty: ReactNode;
};

/** The agents of a workspace that the reader can see. */
export function AgentList({ agents, range, asked, base, me, now, empty }: Props) {
  return (
    <List
      base={base}
      asked={asked}
      order={agentOrder}
      noun={{ one: "agent", many: "agents" }}
      icon={Bot}
      columns={columns}
      range={range}
      search="Name, handle or owner"
      filters={
        <>
          <FilterChoice name="state" label="State" all="All states" options={states} value={asked.state} />
          <FilterChoice name="owner" label="Owner" all="All owners" options={owners} value={asked.owner} />
        </>
      }
      empty={empty}
    >
      {agents.map((agent) => (
        <Row key={agent.id}>
          <HeadCell>
            <span className="flex items-center gap-2.5 py-1.5">
              <AgentAvatar name={agent.name} color={agent.color} />
              <span className="min-w-0">
                <TextLink href={`${base}/${agent.id}`} look="row">
                  {agent.name}
                </TextLink>
                <span className="block text-meta font-normal break-all text-text-faint">@{agent.handle}</span>
              </span>
            </span>
          </HeadCell>
          <Cell label="Model" wrap>
            <span className="break-all">{agent.model}</span>
          </Cell>
          <Cell label="State">
            <State agent={agent} />
          </Cell>
          <Cell label="Owner">{agent.ownerId === me ? "You" : agent.ownerName}</Cell>
          <Cell label="Shared with">
            {agent.version === null ? (
              <span className="text-text-faint">Builders only</span>
            ) : (
              sharingWords[agent.visibility]
            )}
          </Cell>
          <Cell label="Updated">
            <Time at={agent.updatedAt} now={now} />
          </Cell>
        </Row>
      ))}
    </List>
  );
}

function State({ agent }: { agent: AgentSummary }) {
  const { tone, words } = stateOf(agent);
  return <Badge tone={tone}>{words}</Badge>;
}
