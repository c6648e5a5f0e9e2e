import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { AgentAvatar } from "./agent-avatar.tsx";
import { type AgentFacts, sharingWords, stateOf } from "./agent-view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "model", label: "Model" },
  { key: "state", label: "State" },
  { key: "owner", label: "Owner" },
  { key: "sharing", label: "Shared with" },
  { key: "updated", label: "Updated" },
] as const;

export type AgentRow = AgentFacts & { model: string; ownerId: string; ownerName: string; updatedAt: Date };

type Props = {
  agents: readonly AgentRow[];
  base: string;
  /** Who is looking. */
  me: string;
  now: Date;
};

export function AgentList({ agents, base, me, now }: Props) {
  return (
    <Table caption="Agents" columns={columns}>
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
    </Table>
  );
}

function State({ agent }: { agent: AgentFacts }) {
  const { tone, words } = stateOf(agent);
  return <Badge tone={tone}>{words}</Badge>;
}
