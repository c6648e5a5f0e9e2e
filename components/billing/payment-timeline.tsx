import { Badge } from "#components/ui/badge.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { paymentStateOf } from "#lib/domain/billing/invoices/listing/rules.ts";
import { failureWords, type State } from "#lib/domain/payments/attempts/rules.ts";
import type { Payment } from "#lib/domain/payments/attempts/view.ts";
import { methodWords } from "#lib/domain/payments/methods/rules.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";

const states: Record<State, { tone: Tone; word: string }> = {
  created: { tone: "info", word: "Begun" },
  unknown: { tone: "warn", word: "Not known yet" },
  requires_action: { tone: "warn", word: "Waits for you" },
  processing: { tone: "info", word: "Under way" },
  succeeded: { tone: "good", word: "Paid" },
  failed: { tone: "bad", word: "Failed" },
  canceled: { tone: "neutral", word: "Given up" },
};

const kinds = { off_session: "Collected", hosted: "Paid by hand", transfer: "Bank transfer" } as const;

type Props = { payments: readonly Payment[]; methods: readonly PaymentMethod[]; now: Date };

/** Every attempt to pay a document, newest first, and what became of it. */
export const PaymentTimeline = ({ payments, methods, now }: Props) => (
  <ol className="flex flex-col">
    {payments.map((payment) => (
      <li
        key={payment.id}
        className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line py-2.5 text-ui first:pt-0 last:border-b-0 last:pb-0"
      >
        <span className="min-w-36">
          <Time at={payment.settledAt ?? payment.createdAt} now={now} />
        </span>
        <StateBadge payment={payment} />
        <span className="min-w-0 grow basis-60">{wordsOf(payment, methods)}</span>
        <span className="tabular ml-auto">{formatCents(payment.amountCents)}</span>
      </li>
    ))}
  </ol>
);

function StateBadge({ payment }: { payment: Payment }) {
  const { tone, word } = states[paymentStateOf(payment) as State];
  return <Badge tone={tone}>{word}</Badge>;
}

function wordsOf(payment: Payment, methods: readonly PaymentMethod[]): string {
  const method = methods.find(({ id }) => id === payment.methodId);
  const how = method ? `${kinds[payment.kind]} from ${methodWords(method)}` : kinds[payment.kind];
  const parts = [
    how,
    payment.state === "failed" ? failureWords(payment.errorCode) : null,
    payment.refundedCents > 0n ? `${formatCents(payment.refundedCents)} sent back` : null,
    payment.chargedBackCents > 0n ? `${formatCents(payment.chargedBackCents)} taken back by the bank` : null,
  ];
  return parts.filter(Boolean).join("; ");
}
