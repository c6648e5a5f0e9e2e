import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";
import type { KeyCaller } from "#lib/domain/keys/view.ts";

const columns = [
  { key: "address", label: "Address" },
  { key: "agent", label: "Client" },
  { key: "requests", label: "Calls", align: "right" },
  { key: "last", label: "Last call" },
] as const;

/** Who calls with a key: what still has to be changed before it ends. */
export function KeyCallers({ callers, now }: { callers: readonly KeyCaller[]; now: Date }) {
  return (
    <Table caption="Callers" columns={columns}>
      {callers.map((caller) => (
        <Row key={`${caller.address} ${caller.agent}`}>
          <HeadCell>
            <Code>{caller.address}</Code>
          </HeadCell>
          <Cell label="Client" wrap>
            {caller.agent || "Not said"}
          </Cell>
          <Cell label="Calls" align="right">
            {formatCount(caller.requests)}
          </Cell>
          <Cell label="Last call">
            <Time at={caller.lastAt} now={now} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
