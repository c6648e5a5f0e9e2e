import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { Difference } from "#lib/domain/audit/rules.ts";

const columns = [
  { key: "name", label: "Value" },
  { key: "before", label: "Before" },
  { key: "after", label: "After" },
] as const;

/** What changed, value by value. */
export function AuditDifference({ differences }: { differences: readonly Difference[] }) {
  return (
    <Table caption="What changed" columns={columns}>
      {differences.map(({ name, before, after }) => (
        <Row key={name} faded={before === after}>
          <HeadCell>{name}</HeadCell>
          <Cell label="Before" wrap>
            {before === null ? (
              <Nothing />
            ) : (
              <del className={`${value} ${before === after ? same : old}`}>{before}</del>
            )}
          </Cell>
          <Cell label="After" wrap>
            {after === null ? (
              <Nothing />
            ) : (
              <ins className={`${value} ${before === after ? same : fresh}`}>{after}</ins>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const value = "rounded-small px-1 font-mono text-meta break-all whitespace-pre-wrap no-underline";
const old = "bg-bad-soft text-bad";
const fresh = "bg-good-soft text-good";
const same = "text-text-soft";

const Nothing = () => <span className="text-text-faint">nothing</span>;
