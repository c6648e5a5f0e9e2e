import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { escalationAt } from "#lib/domain/retention/deletions/rules.ts";
import type { DeskDeletion } from "#lib/domain/retention/deletions/view.ts";

const columns = [
  { key: "customer", label: "Customer" },
  { key: "what", label: "What" },
  { key: "state", label: "State" },
  { key: "received", label: "Received" },
  { key: "due", label: "Due" },
  { key: "acts", label: "Actions", quiet: true, align: "right" },
] as const;

type Props = { deletions: readonly DeskDeletion[]; acts: (deletion: DeskDeletion) => ReactNode; now: Date };

/** Written requests to delete, as staff see them. */
export const DeletionList = ({ deletions, acts, now }: Props) => (
  <Table caption="Deletions" columns={columns}>
    {deletions.map((one) => (
      <Row key={one.id} faded={one.state === "done"}>
        <HeadCell>
          {one.organizationName} {one.requestedBy === null ? <Badge>Guest</Badge> : null}
        </HeadCell>
        <Cell label="What">{one.targetId ? <Code>{one.targetId}</Code> : "Data that is named in the ticket"}</Cell>
        <Cell label="State">
          <State deletion={one} now={now} />
        </Cell>
        <Cell label="Received">
          <Time at={one.receivedAt} form="date" now={now} />
        </Cell>
        <Cell label="Due">
          <Time at={one.dueAt} form="date" now={now} />
        </Cell>
        <Cell align="right">{acts(one)}</Cell>
      </Row>
    ))}
  </Table>
);

function State({ deletion: { state, receivedAt, dueAt }, now }: { deletion: DeskDeletion; now: Date }) {
  if (state === "done") return <Badge>Deleted</Badge>;
  const percent = escalationAt(receivedAt, dueAt, now);
  if (percent === 100) return <Badge tone="bad">Late</Badge>;
  return percent === 0 ? <Badge tone="info">Open</Badge> : <Badge tone="warn">{`${percent} % of its time`}</Badge>;
}
