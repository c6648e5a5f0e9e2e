import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { addressLine, collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { InvoiceDetail } from "#lib/domain/billing/invoices/view.ts";
import type { Buyer, Seller } from "#lib/engine/documents/invoice.ts";

/** Who, when, how much, and the documents it is tied to. */
export function Facts({ invoice, base }: { invoice: InvoiceDetail; base: string }) {
  const { kind, issuedAt, dueAt, totalCents, thresholdCents, summary, corrects, reason, poNumber, pdfSha256 } = invoice;
  const seller = invoice.seller as Seller;
  const buyer = invoice.buyer as Buyer;
  const linkTo = (document: { id: string; number: string }) => (
    <TextLink href={`${base}/invoices/${document.id}`}>{document.number}</TextLink>
  );
  const left = collectibleOf(invoice);
  const isNote = kind === "credit_note";
  return (
    <Card>
      <DefinitionList
        rows={[
          { term: "Amount", value: <strong className="tabular font-semibold">{formatCents(totalCents)}</strong> },
          ...(isNote ? [] : [{ term: "Left to pay", value: <span className="tabular">{formatCents(left)}</span> }]),
          { term: "Issued", value: <Time at={issuedAt} form="date" /> },
          ...(dueAt && left > 0n ? [{ term: "Due", value: <Time at={dueAt} form="date" /> }] : []),
          ...(thresholdCents === null
            ? []
            : [
                {
                  term: "Threshold",
                  value: <span className="tabular">{formatCents(thresholdCents)} of use reached</span>,
                },
              ]),
          ...(summary ? [{ term: "Taken off from", value: linkTo(summary) }] : []),
          ...(corrects ? [{ term: "Corrects", value: linkTo(corrects) }] : []),
          ...(reason ? [{ term: "Reason", value: reason }] : []),
          { term: "From", value: `${seller.name}, ${addressLine(seller.address)}` },
          { term: "To", value: `${buyer.name}, ${addressLine(buyer.address)}` },
          ...(poNumber ? [{ term: "Purchase order", value: poNumber }] : []),
          ...(pdfSha256
            ? [
                {
                  term: "SHA-256 of the PDF",
                  value: (
                    <span className="flex flex-wrap items-center gap-x-3 break-all">
                      <Copyable text={pdfSha256} noun="hash" />
                      <TextLink href="/verify">Check a copy</TextLink>
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}
