import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { terminationWords } from "#lib/domain/agreements/rules.ts";
import type { DeskEnding } from "#lib/domain/ending/desk/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "why", label: "Why" },
  { key: "noticed", label: "Notice" },
  { key: "ends", label: "Ends" },
  { key: "state", label: "State" },
] as const;

/** Agreements that end or have ended lately, the next one first. */
export const EndingTable = ({ endings }: { endings: readonly DeskEnding[] }) => (
  <Table caption="Agreements that end" columns={columns}>
    {endings.map((one) => (
      <Row key={one.id} faded={one.finalizedAt !== null}>
        <HeadCell>{one.organizationName}</HeadCell>
        <Cell label="Why" wrap>
          {terminationWords[one.kind]} <span className="text-text-faint">({one.clause})</span>
        </Cell>
        <Cell label="Notice">
          <Time at={one.noticedAt} form="date" />
        </Cell>
        <Cell label="Ends">
          <Time at={one.endsAt} form="instant" />
        </Cell>
        <Cell label="State">
          <State ending={one} />
        </Cell>
      </Row>
    ))}
  </Table>
);

function State({ ending: { appliedAt, finalizedAt } }: { ending: DeskEnding }) {
  if (finalizedAt) return <Badge>Settled</Badge>;
  return appliedAt ? <Badge tone="warn">Ended, last bill open</Badge> : <Badge tone="warn">Will end</Badge>;
}
