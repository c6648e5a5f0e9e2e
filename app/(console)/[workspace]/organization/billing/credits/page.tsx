import { Gift } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { CreditList } from "#components/billing/credit-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { formatCents } from "#lib/core/money.ts";
import { creditsOf } from "#lib/domain/billing/credits/queries.ts";
import { creditLeft } from "#lib/domain/billing/overview/queries.ts";

const creditsPage = page({
  can: "billing.read",
  title: "Credits",
  description: "Money on your account. Invoices are paid from it first, from what expires first.",
  load: async (ctx) => {
    const [credits, left] = await Promise.all([creditsOf(ctx), creditLeft(ctx)]);
    return { credits, left };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="credits" /> }),
  view: ({ credits, left }, ctx) =>
    credits.length === 0 ? (
      <EmptyState icon={Gift} title="No credit yet">
        Credit comes from promotions, from what a document gave back, and from what was paid too much.
      </EmptyState>
    ) : (
      <>
        <Figure label="Credit left" value={formatCents(left)} />
        <CreditList credits={credits} base={billingBase(ctx)} now={ctx.now} />
      </>
    ),
});

export const { generateMetadata } = creditsPage;
export default creditsPage.default;
