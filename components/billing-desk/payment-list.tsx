import { CreditCard } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { List } from "#components/ui/list/list.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { formatCents } from "#lib/core/money.ts";
import { bookOrder } from "#lib/domain/billing/desk/rules.ts";
import { failureWords } from "#lib/domain/payments/attempts/rules.ts";
import { paymentWords, returnable } from "#lib/domain/payments/desk/rules.ts";
import type { AccountPayment } from "#lib/domain/payments/desk/view.ts";
import type { BookProps } from "./ledger-list.tsx";

const columns = [
  { key: "number", label: "Document" },
  { key: "how", label: "How" },
  { key: "state", label: "State" },
  { key: "at", label: "Begun", sorts: "-at" },
  { key: "amount", label: "Amount", align: "right" },
  { key: "do", label: "Send back", quiet: true },
] as const;

const tones: Record<AccountPayment["state"], Tone> = {
  created: "info",
  processing: "info",
  requires_action: "warn",
  unknown: "warn",
  succeeded: "good",
  failed: "bad",
  canceled: "neutral",
};

function howWords({ kind, type, brand, last4 }: AccountPayment): string {
  if (kind === "transfer") return "Bank transfer";
  if (!last4) return kind === "hosted" ? "On the provider's page" : "Payment method";
  return `${type === "sepa_debit" ? "Direct debit" : (brand ?? "Card")} ···· ${last4}`;
}

/** Attempts to collect, newest first; money that came can be sent back as far as it is the customer's. */
export function PaymentList({
  rows,
  range,
  asked,
  base,
  kept,
  now,
  sendBack,
}: BookProps<AccountPayment> & { sendBack: Action<void> }) {
  return (
    <List
      base={base}
      asked={asked}
      kept={kept}
      order={bookOrder}
      noun={{ one: "payment", many: "payments" }}
      icon={CreditCard}
      columns={columns}
      range={range}
      search="Document number or reference"
      empty={
        <EmptyState icon={CreditCard} title="No payments yet">
          Each attempt to collect a document appears here, with what came of it.
        </EmptyState>
      }
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <HeadCell>{row.number}</HeadCell>
          <Cell label="How">{howWords(row)}</Cell>
          <Cell label="State" wrap>
            <Badge tone={tones[row.state]}>{paymentWords[row.state]}</Badge>
            {row.state === "failed" ? (
              <span className="block text-meta text-text-faint">{failureWords(row.errorCode)}</span>
            ) : null}
          </Cell>
          <Cell label="Begun">
            <Time at={row.createdAt} now={now} />
          </Cell>
          <Cell label="Amount" align="right">
            {formatCents(row.amountCents)}
            <Back payment={row} />
          </Cell>
          <Cell align="right">
            {row.kind !== "transfer" && returnable(row) > 0n ? <SendBack payment={row} sendBack={sendBack} /> : null}
          </Cell>
        </Row>
      ))}
    </List>
  );
}

function Back({ payment: { refundedCents, chargedBackCents } }: { payment: AccountPayment }) {
  const words = [
    ...(refundedCents > 0n ? [`${formatCents(refundedCents)} sent back`] : []),
    ...(chargedBackCents > 0n ? [`${formatCents(chargedBackCents)} taken back`] : []),
  ];
  return words.length > 0 ? <span className="block text-meta text-text-faint">{words.join(", ")}</span> : null;
}

const SendBack = ({ payment, sendBack }: { payment: AccountPayment; sendBack: Action<void> }) => (
  <FormDialog
    trigger="Send back…"
    triggerLook={{ size: "small" }}
    triggerLabel={`Send back a part of the payment of ${payment.number}`}
    title={`Send back a part of the payment of ${payment.number}`}
    description={`At most ${formatCents(returnable(payment))}, and no more than the customer has as credit that was given back or bought.`}
    submit="Send back"
    hidden={{ organizationId: payment.organizationId, paymentId: payment.id }}
    action={sendBack}
  >
    <FormText
      label="Amount"
      name="amount"
      inputMode="decimal"
      autoComplete="off"
      help="In euros. It leaves the customer's credit at once and goes where it came from."
    />
  </FormDialog>
);
