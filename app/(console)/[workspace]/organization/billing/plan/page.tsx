import { BillingTabs } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { CameBack, cameBack } from "#app/(console)/[workspace]/organization/billing/came-back.tsx";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { PlanComparison } from "#components/billing/plan-comparison.tsx";
import { PlanFacts, planTitles } from "#components/rates/plan-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { billingAccount } from "#lib/domain/billing/accounts/queries.ts";
import { missingForPaid } from "#lib/domain/billing/plan/queries.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { nameToType } from "#lib/domain/zero-retention/queries.ts";
import { Downgrade, Leaving, Steps } from "./parts.tsx";

const planPage = page({
  can: "billing.read",
  title: "Plan",
  description: "What the organization's plan gives, and what another one would change.",
  load: async (ctx, { search }) => {
    const returned = await cameBack(ctx, search.page);
    const [facts, account, missing, methods, reason, zeroRetention] = await Promise.all([
      factsOf(ctx),
      billingAccount(ctx),
      missingForPaid(ctx),
      paymentMethodsOf(ctx),
      denial(ctx, "plan.write"),
      nameToType(ctx),
    ]);
    return {
      returned,
      facts,
      plan: planAt(facts, ctx.now.getTime()),
      account,
      missing,
      methods,
      reason,
      zeroRetention,
    };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="plan" /> }),
  view: ({ returned, facts, plan, account, missing, methods, reason, zeroRetention }, ctx) => (
    <>
      <CameBack returned={returned} />
      {account?.downgradeOn ? <Leaving on={account.downgradeOn} reason={reason} /> : null}
      <Card title={`Plan: ${planTitles[plan]}`}>
        <div className="flex max-w-[64ch] flex-col gap-2 text-ui">
          <PlanFacts plan={plan} spentPico={facts.spentPico} />
        </div>
      </Card>
      {plan === "order" ? null : <PlanComparison plan={plan} spentPico={facts.spentPico} />}
      {plan === "free" ? (
        <Steps ctx={ctx} missing={missing} account={account} method={methods[0]} reason={reason} />
      ) : null}
      {plan === "paid" && !account?.downgradeOn && account ? (
        <Downgrade ctx={ctx} reason={reason} zeroRetention={zeroRetention} />
      ) : null}
    </>
  ),
});

export const { generateMetadata } = planPage;
export default planPage.default;
