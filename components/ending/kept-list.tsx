import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { keptClauses, keptWords } from "#lib/domain/ending/rules.ts";
import type { Kept } from "#lib/domain/ending/view.ts";

type Props = { kept: readonly Kept[]; base: string };

/** What is kept for a customer who may come back, until when, and what became of it. */
export function KeptList({ kept, base }: Props) {
  if (kept.length === 0) return null;
  return (
    <Table
      caption="What is kept"
      columns={[
        { key: "what", label: "What" },
        { key: "until", label: "Kept until (UTC)" },
        { key: "state", label: "State" },
        { key: "clause", label: "Clause" },
      ]}
    >
      {kept.map((one) => (
        <Row key={one.kind}>
          <HeadCell>{keptWords[one.kind]}</HeadCell>
          <Cell label="Kept until (UTC)">
            <Time at={one.purgeAt} form="instant" />
          </Cell>
          <Cell label="State">
            <State kept={one} base={base} />
          </Cell>
          <Cell label="Clause">{keptClauses[one.kind]}</Cell>
        </Row>
      ))}
    </Table>
  );
}

function State({ kept: { restoredAt, purgedAt, receiptId }, base }: { kept: Kept; base: string }) {
  if (restoredAt) return <Badge tone="good">Came back</Badge>;
  if (receiptId)
    return <TextLink href={`${base}/organization/privacy/receipts/${receiptId}`}>Deleted, receipt</TextLink>;
  return purgedAt ? <Badge tone="warn">Being deleted</Badge> : <Badge tone="info">Comes back if you do</Badge>;
}
