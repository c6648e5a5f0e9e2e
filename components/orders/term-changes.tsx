import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import type { TermChange } from "#lib/domain/orders/rules.ts";

const columns = [
  { key: "what", label: "What" },
  { key: "before", label: "Without it" },
  { key: "after", label: "With it" },
] as const;

/** What an order changes, beside what would hold without it and why. */
export function TermChanges({ changes, number }: { changes: readonly TermChange[]; number: string }) {
  return (
    <Table caption={`What purchase order ${number} states`} columns={columns}>
      {changes.map(({ key, words, before, beforeSource, after }) => (
        <Row key={key}>
          <HeadCell>
            <span title={key}>{words}</span>
          </HeadCell>
          <Cell label="Without it" wrap>
            {before} <span className="text-text-soft">({beforeSource})</span>
          </Cell>
          <Cell label="With it" wrap>
            {after}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
