import type { ReactNode } from "react";
import { workspaceWords } from "#components/members/role-words.ts";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { WorkspaceRole } from "#lib/core/access/roles.ts";

const columns = [
  { key: "workspace", label: "Workspace" },
  { key: "roles", label: "Role" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

export type GroupRolesRow = { id: string; name: string; roles: readonly WorkspaceRole[] };

type Props = { rows: readonly GroupRolesRow[]; actions: (row: GroupRolesRow) => ReactNode };

/** What the people of a group are in each workspace because they are in it. */
export function GroupRoles({ rows, actions }: Props) {
  return (
    <Table caption="Roles" columns={columns}>
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>{row.name}</HeadCell>
          <Cell label="Role" wrap>
            {row.roles.length > 0 ? workspaceWords(row.roles) : <span className="text-text-faint">None</span>}
          </Cell>
          <Cell align="right">{actions(row)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
