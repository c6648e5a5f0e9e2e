import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import type { DisputeRow } from "#lib/domain/billing/disputes/view.ts";
import { DisputeBadge } from "./dispute-state.tsx";

const columns = [
  { key: "invoice", label: "Invoice" },
  { key: "opened", label: "Opened" },
  { key: "amount", label: "Disputed", align: "right" },
  { key: "credited", label: "Given back", align: "right" },
  { key: "state", label: "Status" },
] as const;

type Props = { disputes: readonly DisputeRow[]; base: string; now: Date };

/** Objections to invoices, newest first. */
export const DisputeList = ({ disputes, base, now }: Props) => (
  <Table caption="Disputes" columns={columns}>
    {disputes.map((dispute) => (
      <Row key={dispute.id}>
        <HeadCell>
          <TextLink href={`${base}/disputes/${dispute.id}`} look="row">
            {dispute.number}
          </TextLink>
        </HeadCell>
        <Cell label="Opened">
          <Time at={dispute.openedAt} now={now} />
        </Cell>
        <Cell label="Disputed" align="right">
          {formatCents(dispute.amountCents)}
        </Cell>
        <Cell label="Given back" align="right">
          {dispute.creditedCents > 0n ? formatCents(dispute.creditedCents) : "–"}
        </Cell>
        <Cell label="Status">
          <DisputeBadge state={dispute.state} />
        </Cell>
      </Row>
    ))}
  </Table>
);
