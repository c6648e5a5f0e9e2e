import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { Place } from "#lib/domain/members/view.ts";
import { workspaceWords } from "./role-words.ts";

const columns = [
  { key: "workspace", label: "Workspace" },
  { key: "own", label: "Role" },
  { key: "groups", label: "Through groups" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

type Props = { places: readonly Place[]; actions: (place: Place) => ReactNode };

/** What a person is in each workspace, and where it comes from. */
export function PlaceList({ places, actions }: Props) {
  return (
    <Table caption="Workspaces" columns={columns}>
      {places.map((place) => (
        <Row key={place.id}>
          <HeadCell>{place.name}</HeadCell>
          <Cell label="Role" wrap>
            {place.own.length > 0 ? workspaceWords(place.own) : <span className="text-text-faint">None</span>}
          </Cell>
          <Cell label="Through groups" wrap>
            {place.groups.map(({ name, roles }) => `${name}: ${workspaceWords(roles)}`).join("; ")}
          </Cell>
          <Cell align="right">{actions(place)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
