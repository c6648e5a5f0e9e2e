import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { disputeWords } from "#lib/domain/billing/disputes/rules.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { Invoice } from "#lib/domain/billing/invoices/view.ts";

type Dispute = DisputeDetail & { invoice: Invoice };

const wanted = { adjustment: "A corrected invoice", credit: "Credit" } as const;

/** What the customer objects to, and how its invoice stands meanwhile. */
export function DisputeFacts({ dispute, now }: { dispute: Dispute; now: Date }) {
  const { invoice, organizationId } = dispute;
  return (
    <DefinitionList
      rows={[
        { term: "Reason", value: <span className="whitespace-pre-line">{dispute.reason}</span> },
        { term: "Wants", value: wanted[dispute.wants] },
        { term: "Disputed", value: `${formatCents(dispute.amountCents)} with VAT` },
        {
          term: "Invoice",
          value: (
            <>
              {invoice.number} of {formatCents(invoice.totalCents)}, {formatCents(collectibleOf(invoice))} still to be
              paid.{" "}
              <TextLink href={`/staff/billing/accounts/${organizationId}?show=documents`}>Open the account</TextLink>
            </>
          ),
        },
        { term: "Opened", value: <Time at={dispute.openedAt} now={now} /> },
        { term: "The customer sees", value: <Seen dispute={dispute} now={now} /> },
      ]}
    />
  );
}

/** The same words as on the customer's own page. */
function Seen({ dispute, now }: { dispute: Dispute; now: Date }) {
  const { state, answer, creditedCents, decidedAt } = dispute;
  if (state === "open") return "Open: the disputed part is not asked for. The messages below.";
  return (
    <>
      {disputeWords[state]}
      {decidedAt ? (
        <>
          {" "}
          <Time at={decidedAt} now={now} />
        </>
      ) : null}
      {creditedCents > 0n ? `, ${formatCents(creditedCents)} credited` : null}
      {answer ? <span className="block whitespace-pre-line">“{answer}”</span> : null}
    </>
  );
}

const columns = [
  { key: "line", label: "Line" },
  { key: "detail", label: "Detail" },
  { key: "amount", label: "Disputed, net", align: "right" },
] as const;

export function DisputedLines({ dispute }: { dispute: Dispute }) {
  return (
    <Table caption="Disputed lines" columns={columns}>
      {dispute.lines.map(({ line, description, detail, amountCents }) => (
        <Row key={line}>
          <HeadCell>
            {line}. {description}
          </HeadCell>
          <Cell label="Detail" wrap>
            {detail ?? "None"}
          </Cell>
          <Cell label="Disputed, net" align="right">
            {formatCents(amountCents)}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
