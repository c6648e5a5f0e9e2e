import { ReceiptText } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { InvoiceList } from "#components/billing/invoice-list.tsx";
import { Downloads } from "#components/ui/downloads.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { listHref } from "#lib/core/list/rules.ts";
import { invoiceFilter } from "#lib/domain/billing/invoices/input.ts";
import { invoiceMonths, invoicePage } from "#lib/domain/billing/invoices/listing/queries.ts";

const invoices = page({
  can: "billing.read",
  title: "Invoices",
  description: "Every advance, monthly invoice and credit note, with its file.",
  load: async (ctx, { search }) => {
    const asked = invoiceFilter.parse(search);
    const [page, months] = await Promise.all([invoicePage(ctx, asked), invoiceMonths(ctx)]);
    return { asked, page, months };
  },
  head: ({ asked, months }, ctx) => ({
    tabs: <BillingTabs ctx={ctx} current="invoices" />,
    action:
      months.length > 0 ? (
        <Downloads hrefOf={(format) => listHref(`${billingBase(ctx)}/invoices/${format}`, asked)} />
      ) : undefined,
  }),
  view: ({ asked, page, months }, ctx) => (
    <InvoiceList
      invoices={page.rows}
      range={page}
      asked={asked}
      base={`${billingBase(ctx)}/invoices`}
      months={months}
      now={ctx.now}
      empty={
        <EmptyState
          icon={ReceiptText}
          title="No invoices yet"
          action={<LinkButton href={billingBase(ctx)}>See this month so far</LinkButton>}
        >
          The first one comes when use reaches a consumption threshold, or when the month is over. The free plan has
          none.
        </EmptyState>
      }
    />
  ),
});

export const { generateMetadata } = invoices;
export default invoices.default;
