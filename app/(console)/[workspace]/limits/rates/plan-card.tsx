import { PlanFacts, planTitles, UpgradeEffects } from "#components/rates/plan-facts.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/access/authorize.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { Context } from "#lib/context.ts";
import { factsOf } from "#lib/rates/queries.ts";
import { upgrade } from "./actions.ts";

/** The plan behind the limits, and the way up from the free one (T-4.2.2.1-RL). */
export async function PlanCard({ ctx }: { ctx: Context }) {
  const { plan, spentPico } = await factsOf(ctx);
  const mayUpgrade = can(ctx.actor, "plan.write");
  const foot =
    plan === "free"
      ? mayUpgrade
        ? { hint: "The upgrade works from the next request on.", footer: <Upgrade ctx={ctx} /> }
        : { hint: `Upgrading takes one of these roles: ${rolesWith("plan.write").join(", ")}.` }
      : {};
  return (
    <Card id="plan" title={`Plan: ${planTitles[plan]}`} {...foot}>
      <div className="flex max-w-[64ch] flex-col gap-2 text-ui">
        <PlanFacts plan={plan} spentPico={spentPico} />
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
