import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { transferState, transferWords } from "#lib/domain/tuned-models/transfer/rules.ts";
import type { ModelTransfer } from "#lib/domain/tuned-models/view.ts";

const tones = { open: "info", expired: "neutral", revoked: "neutral", executed: "good" } as const;

type Props<T> = {
  transfers: readonly T[];
  now: Date;
  /** What tells one customer's from another's. */
  whose?: (transfer: T) => string;
  action: (transfer: T) => ReactNode;
};

/** Directives to give a tuned model away, and what became of each. */
export function TransferList<T extends ModelTransfer>({ transfers, now, whose, action }: Props<T>) {
  const columns = [
    { key: "to", label: "To" },
    ...(whose
      ? [
          { key: "whose", label: "Customer" },
          { key: "model", label: "Model" },
        ]
      : []),
    { key: "state", label: "State" },
    { key: "until", label: "Until" },
    { key: "by", label: "Signed by" },
    { key: "at", label: "Signed" },
    { key: "action", label: "Actions", quiet: true },
  ];
  return (
    <Table caption="Transfers" columns={columns}>
      {transfers.map((transfer) => {
        const state = transferState(transfer, now);
        return (
          <Row key={transfer.id}>
            <HeadCell>{transfer.distributor}</HeadCell>
            {whose ? <Cell label="Customer">{whose(transfer)}</Cell> : null}
            {whose ? (
              <Cell label="Model" wrap>
                <span className="break-all">{transfer.modelId}</span>
              </Cell>
            ) : null}
            <Cell label="State">
              <Badge tone={tones[state]}>{transferWords[state]}</Badge>
            </Cell>
            <Cell label="Until">{transfer.until}</Cell>
            <Cell label="Signed by">{transfer.signedByName}</Cell>
            <Cell label="Signed">
              <Time at={transfer.signedAt} now={now} />
            </Cell>
            <Cell label="Actions">{action(transfer)}</Cell>
          </Row>
        );
      })}
    </Table>
  );
}
