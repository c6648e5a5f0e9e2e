import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Step } from "#lib/domain/ending/view.ts";

type Props = { steps: readonly Step[]; now: Date };

/** What an end brings, in its order; what has come is ticked. */
export function EndTimeline({ steps, now }: Props) {
  return (
    <Table
      caption="What happens when"
      columns={[
        { key: "at", label: "When (UTC)" },
        { key: "what", label: "What" },
        { key: "count", label: "How many", align: "right" },
        { key: "clause", label: "Clause" },
      ]}
    >
      {steps.map(({ at, what, clause, count }) => (
        <Row key={`${what} ${at.getTime()}`}>
          <HeadCell>
            <span aria-hidden="true">{at <= now ? "✓ " : ""}</span>
            <Time at={at} form="instant" />
            {at <= now ? <span className="sr-only"> (done)</span> : null}
          </HeadCell>
          <Cell label="What" wrap>
            {what}
          </Cell>
          <NumberCells values={{ "How many": count }} />
          <Cell label="Clause">{clause}</Cell>
        </Row>
      ))}
    </Table>
  );
}
