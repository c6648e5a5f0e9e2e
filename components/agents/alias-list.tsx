import type { ReactNode } from "react";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AgentAlias } from "#lib/domain/agents/versions/view.ts";

const columns = [
  { key: "alias", label: "Alias" },
  { key: "version", label: "Version", align: "right" },
  { key: "asked", label: "Asked for by" },
  { key: "updated", label: "Moved" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

type Props = { aliases: readonly AgentAlias[]; now: Date; actions: (alias: AgentAlias) => ReactNode };

export function AliasList({ aliases, now, actions }: Props) {
  return (
    <Table caption="Aliases" columns={columns}>
      {aliases.map((alias) => (
        <Row key={alias.alias}>
          <HeadCell>{alias.alias}</HeadCell>
          <Cell label="Version" align="right">
            {alias.version}
          </Cell>
          <Cell label="Asked for by">
            <Code>{`"agent_version": "${alias.alias}"`}</Code>
          </Cell>
          <Cell label="Moved">
            <Time at={alias.updatedAt} now={now} />
          </Cell>
          <Cell align="right">{actions(alias)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
