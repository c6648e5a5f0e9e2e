import { dispute } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { DisputeDialog } from "#components/billing/dispute-dialog.tsx";
import { DisputeBadge } from "#components/billing/dispute-state.tsx";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { formatCents } from "#lib/core/money.ts";
import { disputeRight } from "#lib/domain/billing/disputes/rules.ts";
import type { DisputeRow } from "#lib/domain/billing/disputes/view.ts";
import type { InvoiceDetail } from "#lib/domain/billing/invoices/view.ts";

type Props = { ctx: Context; invoice: InvoiceDetail; disputes: readonly DisputeRow[]; days: number };

/** T-5.2-DISP: until when the document can be disputed, and what was disputed of it. */
export function Disputes({ ctx, invoice, disputes, days }: Props) {
  const right = disputeRight(invoice, days, ctx.now);
  if (invoice.kind === "credit_note") return null;
  const open = disputes.reduce((sum, { state, amountCents }) => (state === "open" ? sum + amountCents : sum), 0n);
  const hasLeft = open + invoice.creditedCents < invoice.totalCents;
  const mayDispute = right.can && hasLeft && can(ctx.actor, "billing.write");
  const lines = invoice.lines.filter(({ amountCents }) => amountCents > 0n);
  return (
    <Card
      title="Disputes"
      description={
        right.can ? (
          <>
            Each line can be disputed until the end of <Time at={right.until} form="date" /> (UTC).
          </>
        ) : (
          right.why
        )
      }
      {...(mayDispute &&
        lines.length > 0 && {
          aside: <DisputeDialog invoiceId={invoice.id} number={invoice.number} lines={lines} dispute={dispute} />,
        })}
    >
      {disputes.length === 0 ? null : (
        <ul className="flex flex-col gap-2 text-ui">
          {disputes.map((row) => (
            <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <DisputeBadge state={row.state} />
              <TextLink href={`${billingBase(ctx)}/disputes/${row.id}`}>
                {formatCents(row.amountCents)} disputed
              </TextLink>
              <span className="text-text-soft">
                <Time at={row.openedAt} now={ctx.now} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
