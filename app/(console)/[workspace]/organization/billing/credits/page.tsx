import { Gift } from "lucide-react";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { CreditList } from "#components/billing/credit-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
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
      <EmptyState
        icon={Gift}
        title="No credit yet"
        action={<LinkButton href={`${billingBase(ctx)}/invoices`}>See invoices</LinkButton>}
      >
        Credit comes from promotions, from credit notes, and from what was paid too much. It then pays invoices before
        your payment method does. Something on an invoice is wrong? Dispute it there, and what we give back can be
        credit.
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
