import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Subprocessor } from "#lib/domain/subprocessors/view.ts";

const columns = [
  { key: "name", label: "Name" },
  { key: "purpose", label: "Purpose" },
  { key: "location", label: "Location" },
  { key: "data", label: "Data" },
  { key: "since", label: "Since" },
] as const;

type Props = { subprocessors: readonly Subprocessor[]; now: Date };

/** Everyone who processes personal data for us, will, or did. */
export const SubprocessorTable = ({ subprocessors, now }: Props) => (
  <Table caption="Subprocessors" columns={columns}>
    {subprocessors.map((one) => (
      <Row key={one.id} faded={one.removedAt !== null}>
        <HeadCell>
          <TextLink href={one.url} look="row">
            {one.name}
          </TextLink>
        </HeadCell>
        <Cell label="Purpose" wrap>
          {one.purpose}
        </Cell>
        <Cell label="Location" wrap>
          {one.location}
        </Cell>
        <Cell label="Data" wrap>
          {one.data}
        </Cell>
        <Cell label="Since">
          <span className="inline-flex flex-wrap items-center gap-2">
            <Time at={one.plannedAt} form="date" />
            <Standing subprocessor={one} now={now} />
          </span>
        </Cell>
      </Row>
    ))}
  </Table>
);

function Standing({ subprocessor: { removedAt, plannedAt }, now }: { subprocessor: Subprocessor; now: Date }) {
  if (removedAt)
    return (
      <Badge>
        Until <Time at={removedAt} form="date" />
      </Badge>
    );
  return plannedAt > now ? <Badge tone="info">Announced</Badge> : null;
}
