import { billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { CameBack, cameBack } from "#app/(console)/[workspace]/organization/billing/came-back.tsx";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { InvoiceBadge, TestMode } from "#components/billing/invoice-state.tsx";
import { InvoiceTotals } from "#components/billing/invoice-totals.tsx";
import { LineTable } from "#components/billing/line-table.tsx";
import { monthWords } from "#components/billing/month-words.ts";
import { LinkButton } from "#components/ui/link-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { disputesOf } from "#lib/domain/billing/disputes/queries.ts";
import { recompute } from "#lib/domain/billing/invoices/evidence/queries.ts";
import { paymentStateOf, stateOf } from "#lib/domain/billing/invoices/listing/rules.ts";
import { invoice as invoiceOf } from "#lib/domain/billing/invoices/queries.ts";
import { kindWords } from "#lib/domain/billing/invoices/rules.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { paymentsOf } from "#lib/domain/payments/attempts/queries.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { Disputes } from "./disputes.tsx";
import { Evidence } from "./evidence.tsx";
import { Facts } from "./facts.tsx";
import { Paying } from "./paying.tsx";

const invoicePage = page({
  can: "billing.read",
  title: "Invoice",
  load: async (ctx, { params, search }) => {
    const id = asId("invoice", params.invoice);
    // Before the rest, so that the page shows what the person has just paid.
    const returned = await cameBack(ctx, search.page);
    const [invoice, payments, methods, disputes, terms, places] = await Promise.all([
      invoiceOf(ctx, id),
      paymentsOf(ctx, id),
      paymentMethodsOf(ctx),
      disputesOf(ctx, id),
      billingTerms(ctx),
      can(ctx.actor, "requests.read") ? myWorkspaces(ctx) : [],
    ]);
    const groups = search.recompute === "1" ? await recompute(ctx, id) : null;
    const openable = new Set<string>(places.map(({ workspace }) => workspace.id));
    return { returned, invoice, payments, methods, disputes, days: terms.disputeDays, openable, groups };
  },
  name: ({ invoice }) => invoice.number,
  head: ({ invoice, payments }, ctx) => ({
    badge: (
      <>
        <InvoiceBadge
          state={stateOf({ ...invoice, payment: payments[0] ? paymentStateOf(payments[0]) : null }, ctx.now)}
        />
        {invoice.livemode ? null : <TestMode />}
      </>
    ),
    description: `${kindWords[invoice.kind]} for ${monthWords(invoice.month)}`,
    action: <Files base={`${billingBase(ctx)}/invoices/${invoice.id}`} hasPdf={invoice.pdfSha256 !== null} />,
    tabs: (
      <p className="text-ui">
        <TextLink look="quiet" href={`${billingBase(ctx)}/invoices`}>
          All invoices
        </TextLink>
      </p>
    ),
  }),
  view: ({ returned, invoice, payments, methods, disputes, days, openable, groups }, ctx) => {
    const base = billingBase(ctx);
    return (
      <>
        <CameBack returned={returned} />
        <Facts invoice={invoice} base={base} />
        <LineTable
          lines={invoice.lines}
          month={invoice.month}
          openable={openable}
          footer={<InvoiceTotals invoice={invoice} base={base} />}
        />
        <Paying ctx={ctx} invoice={invoice} payments={payments} methods={methods} />
        <Disputes ctx={ctx} invoice={invoice} disputes={disputes} days={days} />
        <Evidence base={`${base}/invoices/${invoice.id}`} invoice={invoice} groups={groups} />
      </>
    );
  },
});

export const { generateMetadata } = invoicePage;
export default invoicePage.default;

const Files = ({ base, hasPdf }: { base: string; hasPdf: boolean }) => (
  <>
    {hasPdf ? (
      <LinkButton download href={`${base}/pdf`}>
        Download PDF
      </LinkButton>
    ) : null}
    <LinkButton download href={`${base}/xml`}>
      Download XML
    </LinkButton>
  </>
);
