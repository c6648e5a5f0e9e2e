import { MessageSquareWarning } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { DisputeList } from "#components/billing/dispute-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { disputesOf } from "#lib/domain/billing/disputes/queries.ts";

const disputesPage = page({
  can: "billing.read",
  title: "Disputes",
  description: "Lines of invoices you objected to, and what was decided.",
  load: (ctx) => disputesOf(ctx),
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="disputes" /> }),
  view: (disputes, ctx) =>
    disputes.length === 0 ? (
      <EmptyState
        icon={MessageSquareWarning}
        title="No disputes yet"
        action={<LinkButton href={`${billingBase(ctx)}/invoices`}>See invoices</LinkButton>}
      >
        A line of an invoice that is wrong can be disputed on the invoice’s page, within 30 days of its date.
      </EmptyState>
    ) : (
      <DisputeList disputes={disputes} base={billingBase(ctx)} now={ctx.now} />
    ),
});

export const { generateMetadata } = disputesPage;
export default disputesPage.default;
