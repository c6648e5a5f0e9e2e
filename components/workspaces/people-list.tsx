import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Person } from "#lib/domain/members/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "email", label: "E-mail" },
  { key: "role", label: "Role here" },
] as const;

export type PersonRow = Person & { role: string };

/** Who works in a workspace; what they are there is changed on a person's own page. */
export function PeopleList({ people, base }: { people: readonly PersonRow[]; base: string }) {
  return (
    <Table caption="People" columns={columns}>
      {people.map(({ id, name, email, role }) => (
        <Row key={id}>
          <HeadCell>
            <TextLink href={`${base}/${id}`} look="row">
              {name}
            </TextLink>
          </HeadCell>
          <Cell label="E-mail" wrap>
            <span className="break-all">{email}</span>
          </Cell>
          <Cell label="Role here" wrap>
            {role}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
