import { withdraw, write } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { DisputeBadge } from "#components/billing/dispute-state.tsx";
import { Thread } from "#components/billing/dispute-thread.tsx";
import { MessageForm } from "#components/billing/message-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { formatCents } from "#lib/core/money.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { dispute as disputeOf } from "#lib/domain/billing/disputes/queries.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";

const disputePage = page({
  can: "billing.read",
  title: "Dispute",
  load: async (ctx, { params }) => {
    const [dispute, { disputeDays }] = await Promise.all([
      disputeOf(ctx, asId("dispute", params.dispute)),
      billingTerms(ctx),
    ]);
    return { dispute, disputeDays };
  },
  name: ({ dispute: { number } }) => `Dispute of ${number}`,
  head: ({ dispute }, ctx) => ({
    badge: <DisputeBadge state={dispute.state} />,
    description: `${formatCents(dispute.amountCents)} disputed, VAT included.`,
    action: <TextLink href={`${billingBase(ctx)}/disputes`}>All disputes</TextLink>,
  }),
  view: ({ dispute, disputeDays }, ctx) => {
    const mayWrite = dispute.state === "open" && can(ctx.actor, "billing.write");
    return (
      <>
        <Facts dispute={dispute} base={billingBase(ctx)} />
        <Card title="Messages" description="Staff answer here and by e-mail.">
          <div className="flex flex-col gap-4">
            <Thread messages={dispute.messages} base={`${billingBase(ctx)}/disputes/${dispute.id}`} now={ctx.now} />
            {mayWrite ? <MessageForm disputeId={dispute.id} write={write} /> : null}
          </div>
        </Card>
        {mayWrite ? <Withdraw dispute={dispute} days={disputeDays} /> : null}
      </>
    );
  },
});

export const { generateMetadata } = disputePage;
export default disputePage.default;

function Facts({ dispute, base }: { dispute: DisputeDetail; base: string }) {
  const { invoiceId, number, openedAt, reason, wants, lines, answer, decidedAt, creditedCents, creditNoteId } = dispute;
  return (
    <Card>
      <DefinitionList
        rows={[
          { term: "Invoice", value: <TextLink href={`${base}/invoices/${invoiceId}`}>{number}</TextLink> },
          { term: "Opened", value: <Time at={openedAt} form="date" /> },
          {
            term: "Lines, before VAT",
            value: (
              <ul>
                {lines.map(({ line, description, detail, amountCents }) => (
                  <li key={line}>
                    {[description, detail].filter(Boolean).join(", ")}: {formatCents(amountCents)}
                  </li>
                ))}
              </ul>
            ),
          },
          { term: "Asked for", value: wants === "adjustment" ? "A corrected amount" : "Credit for later invoices" },
          { term: "Reason", value: <p className="whitespace-pre-line">{reason}</p> },
          ...(decidedAt ? [{ term: "Decided", value: <Time at={decidedAt} form="date" /> }] : []),
          ...(answer ? [{ term: "Answer", value: <p className="whitespace-pre-line">{answer}</p> }] : []),
          ...(creditNoteId
            ? [
                {
                  term: "Given back",
                  value: <TextLink href={`${base}/invoices/${creditNoteId}`}>{formatCents(creditedCents)}</TextLink>,
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

type WithdrawProps = { dispute: DisputeDetail; days: number };

const Withdraw = ({ dispute: { id, amountCents, number }, days }: WithdrawProps) => (
  <Card
    title="Withdraw the dispute"
    description="What was disputed is due again, and collected with the rest."
    footer={
      <ConfirmDialog
        trigger="Withdraw…"
        triggerLook={{ size: "small" }}
        title={`Withdraw the dispute of ${number}`}
        confirm="Withdraw dispute"
        tone="normal"
        action={withdraw}
      >
        <input type="hidden" name="disputeId" value={id} />
        <p className="text-ui">
          {formatCents(amountCents)} are due again, as far as they are not paid. Within {days} days of the invoice’s
          date it can be disputed again.
        </p>
      </ConfirmDialog>
    }
  />
);
