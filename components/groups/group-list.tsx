import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { GroupView } from "#lib/domain/groups/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "people", label: "People", align: "right" },
  { key: "workspaces", label: "Workspaces" },
] as const;

export function GroupList({ groups, base }: { groups: readonly GroupView[]; base: string }) {
  return (
    <Table caption="Groups" columns={columns}>
      {groups.map(({ id, name, people, grants }) => (
        <Row key={id}>
          <HeadCell>
            <TextLink href={`${base}/${id}`} look="row">
              {name}
            </TextLink>
          </HeadCell>
          <Cell label="People" align="right">
            {people.length}
          </Cell>
          <Cell label="Workspaces" wrap>
            {grants.length > 0 ? (
              grants.map(({ workspaceName }) => workspaceName).join(", ")
            ) : (
              <span className="text-text-faint">None</span>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
