import { Card } from "#components/ui/card.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { differences } from "#lib/domain/audit/rules.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";
import { Who } from "./audit-list.tsx";

const columns = [
  { key: "what", label: "What" },
  { key: "before", label: "Before" },
  { key: "after", label: "After" },
  { key: "who", label: "Who" },
  { key: "at", label: "Time" },
] as const;

type Props = { rows: readonly AuditRow[]; nameOf: (objectId: string) => string };

/** The last changes of what holds for all customers, as the audit log has them. */
export const ChangeList = ({ rows, nameOf }: Props) =>
  rows.length === 0 ? null : (
    <Card flush title="Last changes" description="From the audit log, newest first.">
      <Table caption="Last changes" columns={columns}>
        {rows.map((row) => (
          <Row key={row.id}>
            <HeadCell>{nameOf(row.objectId)}</HeadCell>
            <Cell label="Before" wrap>
              <Side row={row} side="before" />
            </Cell>
            <Cell label="After" wrap>
              <Side row={row} side="after" />
            </Cell>
            <Cell label="Who">
              <Who row={row} />
            </Cell>
            <Cell label="Time">
              <Time at={row.at} form="instant" />
            </Cell>
          </Row>
        ))}
      </Table>
    </Card>
  );

function Side({ row, side }: { row: AuditRow; side: "before" | "after" }) {
  const values = differences(row.before, row.after).filter((one) => one[side] !== null);
  if (values.length === 0) return <span className="text-text-faint">Nothing</span>;
  return (
    <ul>
      {values.map(({ name, [side]: value }) => (
        <li key={name} className="tabular break-words">
          <span className="text-text-soft">{name.replaceAll("_", " ")}</span> {value}
        </li>
      ))}
    </ul>
  );
}
