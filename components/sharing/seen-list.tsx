import { AgentAvatar } from "#components/agents/agent-avatar.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { SeenAgent } from "#lib/domain/agents/sharing/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "may", label: "May" },
  { key: "why", label: "Why" },
] as const;

/** The agents a person sees, each with what they may do with it and why. */
export function SeenList({ agents, base }: { agents: readonly SeenAgent[]; base: string }) {
  return (
    <Table caption="Agents they see" columns={columns}>
      {agents.map(({ id, name, handle, color, rights, because }) => (
        <Row key={id}>
          <HeadCell>
            <span className="flex items-center gap-2.5 py-1.5">
              <AgentAvatar name={name} color={color} />
              <span className="min-w-0">
                <TextLink href={`${base}/${id}/sharing`} look="row">
                  {name}
                </TextLink>
                <span className="block text-meta font-normal break-all text-text-faint">@{handle}</span>
              </span>
            </span>
          </HeadCell>
          <Cell label="May">{mayWords(rights)}</Cell>
          <Cell label="Why" wrap>
            <span className="py-1.5">{because.join(" ")}</span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const mayWords = (rights: ReadonlySet<string>): string =>
  ["use", "edit", "manage"].filter((right) => rights.has(right)).join(", ") || "see only";
