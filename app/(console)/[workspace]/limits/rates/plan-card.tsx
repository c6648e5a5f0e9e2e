import { denial } from "#app/doors/refused.tsx";
import { PlanFacts, planTitles, UpgradeEffects } from "#components/rates/plan-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { planAt } from "#lib/domain/organizations/plan/rules.ts";
import { factsOf } from "#lib/domain/rates/queries.ts";
import { upgrade } from "./actions.ts";

/** The plan behind the limits, and the way up from the free one (T-4.2.2.1-RL). */
export async function PlanCard({ ctx }: { ctx: Context }) {
  const facts = await factsOf(ctx);
  const plan = planAt(facts, ctx.now.getTime());
  const reason = await denial(ctx, "plan.write");
  const footer = reason ? <Denied label="Upgrade to paid" reason={reason} /> : <Upgrade ctx={ctx} />;
  const foot = plan === "free" ? { hint: "The upgrade works from the next request on.", footer } : {};
  return (
    <Card id="plan" title={`Plan: ${planTitles[plan]}`} {...foot}>
      <div className="flex max-w-[64ch] flex-col gap-2 text-ui">
        <PlanFacts plan={plan} spentPico={facts.spentPico} />
      </div>
    </Card>
  );
}

function Upgrade({ ctx }: { ctx: Context }) {
  return (
    <ConfirmDialog
      trigger="Upgrade to paid"
      triggerLook={{ emphasis: "primary" }}
      title="Upgrade to the paid plan"
      confirm="Upgrade to paid"
      tone="normal"
      action={upgrade}
    >
      <UpgradeEffects />
      <p className="text-ui text-text-soft">
        The prices are in the <TextLink href={`/${ctx.workspaceId}/models`}>model list</TextLink>.
      </p>
    </ConfirmDialog>
  );
}
