import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatCents, picoOfCents } from "#lib/core/money.ts";
import { stateOf } from "#lib/domain/billing/invoices/listing/rules.ts";
import type { ListedInvoice } from "#lib/domain/billing/invoices/listing/view.ts";
import { InvoiceBadge } from "./invoice-state.tsx";

const columns = [
  { key: "threshold", label: "Threshold" },
  { key: "state", label: "This month" },
  { key: "advance", label: "Advance" },
  { key: "amount", label: "Amount", align: "right" },
] as const;

type Props = {
  rungs: readonly bigint[];
  advances: readonly ListedInvoice[];
  usedPico: bigint;
  floorCents: bigint;
  base: string;
  now: Date;
};

/** Every consumption threshold with the advance that was taken for it this month (T-5.2-ADV1). */
export function ThresholdTable({ rungs, advances, usedPico, floorCents, base, now }: Props) {
  // An advance by thresholds that hold no more is shown with the others.
  const all = [...new Set([...rungs, ...advances.flatMap(({ thresholdCents }) => thresholdCents ?? [])])];
  return (
    <Table caption="Consumption thresholds" columns={columns}>
      {all
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((threshold) => {
          const advance = advances.find(({ thresholdCents }) => thresholdCents === threshold);
          return (
            <Row key={String(threshold)}>
              <HeadCell>{formatCents(threshold)}</HeadCell>
              <Cell label="This month">
                {advance ? (
                  <InvoiceBadge state={stateOf(advance, now)} />
                ) : (
                  <Badge>{wordOf(threshold, usedPico, floorCents)}</Badge>
                )}
              </Cell>
              <Cell label="Advance">
                {advance ? <TextLink href={`${base}/invoices/${advance.id}`}>{advance.number}</TextLink> : "–"}
              </Cell>
              <Cell label="Amount" align="right">
                {advance ? formatCents(advance.totalCents) : "–"}
              </Cell>
            </Row>
          );
        })}
    </Table>
  );
}

function wordOf(threshold: bigint, usedPico: bigint, floorCents: bigint): string {
  if (usedPico < picoOfCents(threshold)) return "Ahead";
  return threshold <= floorCents ? "Passed before it applied" : "Reached";
}
