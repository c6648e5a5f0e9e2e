import { BillingTabs } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { overview } from "#lib/domain/billing/overview/queries.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { planOf } from "#lib/domain/contract/values/rules.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { orderCapsOf } from "#lib/domain/limits/forecast/rules.ts";
import { organizationStanding } from "#lib/domain/limits/queries.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { FreePlan, MonthCard, Owed, StandingCard, ThresholdCard } from "./parts.tsx";

const billing = page({
  can: "billing.read",
  title: "Billing",
  description: "What this month costs so far, what was taken ahead, and what is owed.",
  load: async (ctx) => {
    const [view, facts, methods, standing] = await Promise.all([
      overview(ctx),
      contractSources(ctx),
      paymentMethodsOf(ctx),
      // Once the contract is over there are no limits, and billing is still there to read.
      can(ctx.actor, "limits.read") ? organizationStanding(ctx) : null,
    ]);
    const [plan, caps] = [planOf(facts, ctx.now), orderCapsOf(facts, ctx.now)];
    return { view, plan, methods, standing, caps, rate: standing && (await spendRate(ctx, standing)) };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="overview" /> }),
  view: ({ view, plan, methods, standing, caps, rate }, ctx) => (
    <>
      <Owed ctx={ctx} view={view} />
      {plan === "free" ? <FreePlan ctx={ctx} /> : null}
      {plan !== "free" || view.usedPico > 0n ? (
        <MonthCard ctx={ctx} view={view} standing={standing} caps={caps} rate={rate} />
      ) : null}
      <StandingCard ctx={ctx} view={view} plan={plan} method={methods[0]} standing={standing} />
      {plan === "free" ? null : <ThresholdCard ctx={ctx} view={view} />}
    </>
  ),
});

export const { generateMetadata } = billing;
export default billing.default;
