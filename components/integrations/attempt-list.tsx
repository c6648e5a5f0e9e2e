import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AttemptView } from "#lib/domain/integrations/view.ts";

const columns = [
  { key: "at", label: "Time" },
  { key: "status", label: "Answer" },
  { key: "ms", label: "Took", align: "right" },
  { key: "text", label: "What it said" },
] as const;

/** Each time a delivery was tried. */
export function AttemptList({ tries }: { tries: readonly AttemptView[] }) {
  return (
    <Table caption="Attempts" columns={columns}>
      {tries.map(({ number, at, ms, status, answer, error }) => (
        <Row key={number}>
          <HeadCell>
            <Time at={at} form="instant" />
          </HeadCell>
          <Cell label="Answer">{status ?? "None"}</Cell>
          <Cell label="Took" align="right">
            {ms} ms
          </Cell>
          <Cell label="What it said" wrap>
            <span className="font-mono text-meta break-all">{error ?? answer}</span>
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
