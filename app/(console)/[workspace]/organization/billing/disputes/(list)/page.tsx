import { MessageSquareWarning } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { DisputeList } from "#components/billing/dispute-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { billingTerms } from "#lib/domain/billing/cycles/queries.ts";
import { disputeFilter } from "#lib/domain/billing/disputes/input.ts";
import { disputePage } from "#lib/domain/billing/disputes/queries.ts";

const disputesPage = page({
  can: "billing.read",
  title: "Disputes",
  description: "Lines of invoices you objected to, and what was decided.",
  load: async (ctx, { search }) => {
    const asked = disputeFilter.parse(search);
    const [page, { disputeDays }] = await Promise.all([disputePage(ctx, asked), billingTerms(ctx)]);
    return { asked, page, disputeDays };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="disputes" /> }),
  view: ({ asked, page, disputeDays }, ctx) => {
    const base = `${billingBase(ctx)}/disputes`;
    return (
      <DisputeList
        disputes={page.rows}
        range={page}
        asked={asked}
        base={base}
        hrefOf={({ id }) => `${base}/${id}`}
        now={ctx.now}
        empty={
          <EmptyState
            icon={MessageSquareWarning}
            title="No disputes yet"
            action={<LinkButton href={`${billingBase(ctx)}/invoices`}>See invoices</LinkButton>}
          >
            A line of an invoice that is wrong can be disputed on the invoice’s page, within {disputeDays} days of its
            date.
          </EmptyState>
        }
      />
    );
  },
});

export const { generateMetadata } = disputesPage;
export default disputesPage.default;
