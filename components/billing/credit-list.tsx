import { Badge } from "#components/ui/badge.tsx";
import { Cell, HeadCell, NumberCells, Row, Table } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCents } from "#lib/core/money.ts";
import { creditWords } from "#lib/domain/billing/credits/rules.ts";
import type { CreditView } from "#lib/domain/billing/credits/view.ts";

const columns = [
  { key: "reason", label: "Credit" },
  { key: "given", label: "Given" },
  { key: "expires", label: "Expires" },
  { key: "used", label: "Used for" },
  { key: "amount", label: "Amount", align: "right" },
  { key: "left", label: "Left", align: "right" },
] as const;

type Props = {
  credits: readonly CreditView[];
  /** Where documents are shown; left out at the desk, which has no page for one. */
  base?: string;
  now: Date;
};

/** Every credit with what it was used for, as its customer and staff see it. */
export const CreditList = ({ credits, base, now }: Props) => (
  <Table caption="Credits" columns={columns}>
    {credits.map((credit) => (
      <Row key={credit.id} faded={credit.remainingCents === 0n}>
        <HeadCell>
          <span className="block">{credit.reason}</span>
          <span className="block text-meta font-normal text-text-soft">{creditWords[credit.kind]}</span>
        </HeadCell>
        <Cell label="Given">
          <Time at={credit.createdAt} form="date" now={now} />
        </Cell>
        <Cell label="Expires">
          <Expiry credit={credit} now={now} />
        </Cell>
        <Cell label="Used for" wrap>
          {credit.uses.length === 0 ? "–" : <Uses credit={credit} {...(base && { base })} />}
        </Cell>
        <NumberCells values={{ Amount: formatCents(credit.amountCents), Left: formatCents(credit.remainingCents) }} />
      </Row>
    ))}
  </Table>
);

function Expiry({ credit: { expiresAt }, now }: { credit: CreditView; now: Date }) {
  if (!expiresAt) return "Never";
  if (expiresAt <= now) return <Badge>Expired</Badge>;
  // The moment it ends is the first one at which it cannot be used.
  return <Time at={new Date(expiresAt.getTime() - 1)} form="date" now={now} />;
}

const Uses = ({ credit, base }: { credit: CreditView; base?: string }) => (
  <span className="flex flex-col">
    {credit.uses.map(({ invoiceId, number, amountCents }) => (
      <span key={invoiceId} className="tabular whitespace-nowrap">
        {base ? <TextLink href={`${base}/invoices/${invoiceId}`}>{number}</TextLink> : number},{" "}
        {formatCents(amountCents)}
      </span>
    ))}
  </span>
);
