import { denial } from "#app/doors/refused.tsx";
import { PlanFacts, planTitles } from "#components/rates/plan-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { Context } from "#lib/core/context.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";

/** The plan behind the limits, and the way up from the free one (T-4.2.2.1-RL). */
export async function PlanCard({ ctx }: { ctx: Context }) {
  const facts = await factsOf(ctx);
  const plan = planAt(facts, ctx.now.getTime());
  const reason = await denial(ctx, "plan.write");
  const footer = reason ? (
    <Denied label="Upgrade to paid" reason={reason} />
  ) : (
    <LinkButton emphasis="primary" href={`/${ctx.workspaceId}/organization/billing/plan`}>
      Upgrade to paid
    </LinkButton>
  );
  const foot = plan === "free" ? { hint: "The upgrade works from the next request on.", footer } : {};
  return (
    <Card id="plan" title={`Plan: ${planTitles[plan]}`} {...foot}>
      <div className="flex max-w-[64ch] flex-col gap-2 text-ui">
        <PlanFacts plan={plan} spentPico={facts.spentPico} />
      </div>
    </Card>
  );
}
