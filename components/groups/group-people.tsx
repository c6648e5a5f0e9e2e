import type { ReactNode } from "react";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Person } from "#lib/domain/members/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "email", label: "E-mail" },
  { key: "actions", label: "Actions", quiet: true },
] as const;

type Props = { people: readonly Person[]; base: string; actions: (person: Person) => ReactNode };

export function GroupPeople({ people, base, actions }: Props) {
  return (
    <Table caption="People" columns={columns}>
      {people.map((person) => (
        <Row key={person.id}>
          <HeadCell>
            <TextLink href={`${base}/${person.id}`} look="row">
              {person.name}
            </TextLink>
          </HeadCell>
          <Cell label="E-mail" wrap>
            <span className="break-all">{person.email}</span>
          </Cell>
          <Cell align="right">{actions(person)}</Cell>
        </Row>
      ))}
    </Table>
  );
}
