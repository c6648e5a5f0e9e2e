import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "people", label: "People", align: "right" },
  { key: "keys", label: "API keys", align: "right" },
  { key: "created", label: "Created" },
  { key: "state", label: "Status" },
] as const;

export function WorkspaceList({
  workspaces,
  base,
  now,
}: {
  workspaces: readonly WorkspaceView[];
  base: string;
  now: Date;
}) {
  return (
    <Table caption="Workspaces" columns={columns}>
      {workspaces.map((row) => (
        <Row key={row.id} faded={row.archivedAt !== null}>
          <HeadCell>
            <TextLink href={`${base}/${row.id}`} look="row">
              {row.name}
            </TextLink>
          </HeadCell>
          <Cell label="People" align="right">
            {row.people}
          </Cell>
          <Cell label="API keys" align="right">
            {row.keys}
          </Cell>
          <Cell label="Created">
            <Time at={row.createdAt} form="date" now={now} />
          </Cell>
          <Cell label="Status">
            <WorkspaceState {...row} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

type State = Pick<WorkspaceView, "isDefault" | "archivedAt">;

export function WorkspaceState({ isDefault, archivedAt }: State): ReactNode {
  if (archivedAt) return <Badge tone="neutral">Archived</Badge>;
  return isDefault ? <Badge tone="info">Default</Badge> : <Badge tone="good">Active</Badge>;
}
