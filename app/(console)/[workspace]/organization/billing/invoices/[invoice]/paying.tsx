import { pay, retry } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { PaymentTimeline } from "#components/billing/payment-timeline.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { formatCents } from "#lib/core/money.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import type { InvoiceDetail } from "#lib/domain/billing/invoices/view.ts";
import { isLive } from "#lib/domain/payments/attempts/rules.ts";
import type { Payment } from "#lib/domain/payments/attempts/view.ts";
import { methodWords } from "#lib/domain/payments/methods/rules.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";
import type { Seller } from "#lib/engine/documents/invoice.ts";

type Props = {
  ctx: Context;
  invoice: InvoiceDetail;
  payments: readonly Payment[];
  methods: readonly PaymentMethod[];
};

/** What is left to pay, the ways to pay it, and every attempt there was. */
export function Paying({ ctx, invoice, payments, methods }: Props) {
  const left = collectibleOf(invoice);
  if (invoice.kind === "credit_note" || (payments.length === 0 && left === 0n)) return null;
  const ways = left > 0n && can(ctx.actor, "billing.write") && invoice.collection === "auto";
  return (
    <Card
      title="Payments"
      description={left > 0n ? `${formatCents(left)} are left to pay.` : "Nothing is left to pay."}
      {...(ways && { footer: <Ways ctx={ctx} invoice={invoice} payments={payments} methods={methods} /> })}
    >
      <div className="flex flex-col gap-4">
        {left > 0n && invoice.collection === "send_invoice" ? <Transfer invoice={invoice} /> : null}
        {payments.length > 0 ? (
          <PaymentTimeline payments={payments} methods={methods} now={ctx.now} />
        ) : (
          <p className="text-ui text-text-soft">No payment was tried yet.</p>
        )}
      </div>
    </Card>
  );
}

/** While money may be on its way nothing can be sent a second time; a page that waits for a person is given up first. */
function Ways({ ctx, invoice, payments, methods }: Props) {
  const live = payments.find(({ state }) => isLive(state));
  if (live && live.kind !== "hosted" && live.state !== "requires_action")
    return <p className="text-ui">A payment is under way. Its outcome appears here.</p>;
  const [method] = methods.filter(({ isDefault, frozenAt }) => isDefault && !frozenAt);
  const here = `${billingBase(ctx)}/invoices/${invoice.id}`;
  return (
    <>
      {method && !live ? (
        <ButtonForm
          button={`${payments.length > 0 ? "Retry" : "Pay"} with ${methodWords(method)}`}
          values={{ invoiceId: invoice.id }}
          act={retry}
        />
      ) : null}
      <ButtonForm button="Pay now" values={{ invoiceId: invoice.id, returnTo: here }} act={pay} />
    </>
  );
}

function Transfer({ invoice }: { invoice: InvoiceDetail }) {
  const { iban, bic, name } = invoice.seller as Seller;
  return (
    <p className="text-ui">
      Please transfer it{iban ? ` to ${name}, IBAN ${iban}${bic ? `, BIC ${bic}` : ""},` : ""} and name {invoice.number}
      . It is marked paid when the money has arrived.
    </p>
  );
}
