import type { ReactNode } from "react";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatCents } from "#lib/core/money.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { InvoiceDetail } from "#lib/domain/billing/invoices/view.ts";

/** "20 %", "5.5 %". */
const rateWords = (rate: number): string => `${rate / 100} %`;

const categories = { S: "VAT", AE: "VAT, reverse charge", O: "VAT, not subject", E: "VAT, exempt" } as const;

/** From the sum of the lines to what is left to pay, each step with the document behind it. */
export function InvoiceTotals({ invoice, base }: { invoice: InvoiceDetail; base: string }) {
  const isNote = invoice.kind === "credit_note";
  return (
    <dl className="ml-auto grid w-full max-w-96 grid-cols-[1fr_auto] gap-x-6 gap-y-1.5 text-ui">
      <Step term="Net" amount={invoice.netCents} />
      {invoice.taxes.map(({ category, rate, taxCents, baseCents }) => (
        <Step
          key={`${category} ${rate}`}
          term={`${categories[category]} ${rateWords(rate)} of ${formatCents(baseCents)}`}
          amount={taxCents}
        />
      ))}
      <Step term="Total" amount={invoice.totalCents} isStrong />
      {isNote ? null : <Settled invoice={invoice} base={base} />}
    </dl>
  );
}

function Settled({ invoice, base }: { invoice: InvoiceDetail; base: string }) {
  const { advances, notesOf, paidCents, creditUsedCents, disputedCents, prepaidCents } = invoice;
  const advanced = advances.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  return (
    <>
      {advances.map((advance) => (
        <Step
          key={advance.id}
          term={
            <>
              Advance <TextLink href={`${base}/invoices/${advance.id}`}>{advance.number}</TextLink>
            </>
          }
          amount={-advance.totalCents}
        />
      ))}
      {advanced > prepaidCents ? <Step term="Kept as credit" amount={advanced - prepaidCents} /> : null}
      {notesOf.map((note) => (
        <Step
          key={note.id}
          term={
            <>
              Credit note <TextLink href={`${base}/invoices/${note.id}`}>{note.number}</TextLink>
            </>
          }
          amount={-note.totalCents}
        />
      ))}
      {creditUsedCents > 0n ? <Step term="Paid from credit" amount={-creditUsedCents} /> : null}
      {paidCents > 0n ? <Step term="Paid" amount={-paidCents} /> : null}
      {disputedCents > 0n ? <Step term="Disputed, not asked for" amount={-disputedCents} /> : null}
      <Step term="Left to pay" amount={collectibleOf(invoice)} isStrong />
    </>
  );
}

const Step = ({ term, amount, isStrong = false }: { term: ReactNode; amount: bigint; isStrong?: boolean }) => (
  <>
    <dt className={isStrong ? "font-semibold" : "text-text-soft"}>{term}</dt>
    <dd className={isStrong ? "tabular text-right font-semibold" : "tabular text-right"}>{formatCents(amount)}</dd>
  </>
);
