import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { HoldList } from "#components/holds/hold-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { EligibilityTable } from "#components/zero-retention/eligibility-table.tsx";
import { RequestZeroRetention } from "#components/zero-retention/request-form.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { holdsOf } from "#lib/domain/retention/holds/queries.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";
import { zeroRetentionRequestsOf, zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";
import { isFinal } from "#lib/domain/zero-retention/rules.ts";
import type { Standing } from "#lib/domain/zero-retention/view.ts";
import { request } from "./actions.ts";
import { PrivacyTabs } from "./privacy-tabs.tsx";
import { RequestCard } from "./request-card.tsx";

const privacy = page({
  can: "privacy.read",
  title: "Privacy",
  description: "What is kept of this organization, and what is not.",
  load: async (ctx) => {
    const [requests, standing, plan, workspaces, holds, reason] = await Promise.all([
      zeroRetentionRequestsOf(ctx),
      zeroRetentionStanding(ctx),
      currentPlan(ctx),
      workspacesOf(ctx),
      holdsOf(ctx),
      denial(ctx, "zero-retention.request"),
    ]);
    return { requests, standing, plan, workspaces, holds, reason };
  },
  head: ({ plan, workspaces, reason }, ctx) => ({
    tabs: <PrivacyTabs ctx={ctx} current="retention" />,
    action: <Ask plan={plan} workspaces={workspaces} reason={reason} />,
  }),
  view: ({ requests, standing, plan, workspaces, holds }, ctx) => (
    <>
      <StandingCard standing={standing} plan={plan} ctx={ctx} />
      {requests.map((one) => (
        <RequestCard
          key={one.id}
          request={one}
          now={ctx.now}
          mayAct={can(ctx.actor, "zero-retention.request")}
          level={isFinal(one.state) ? "closed" : "open"}
        />
      ))}
      {holds.length === 0 ? null : (
        <Card
          flush
          title="Legal holds"
          description="What the law has us keep. It cannot be deleted meanwhile, and holds on others never touch your data."
        >
          <HoldList holds={holds} workspaces={workspaces} now={ctx.now} />
        </Card>
      )}
      <Card
        flush
        title="What works under zero retention"
        description="Anything that would have to keep what was asked or answered is refused, never quietly changed."
      >
        <EligibilityTable />
      </Card>
    </>
  ),
});

export const { generateMetadata } = privacy;
export default privacy.default;

type AskProps = { plan: string; workspaces: readonly { id: string; name: string }[]; reason: string | null };

function Ask({ plan, workspaces, reason }: AskProps) {
  if (reason) return <Denied label="Request zero retention" reason={reason} />;
  return plan === "free" ? null : <RequestZeroRetention workspaces={workspaces} request={request} />;
}

/** What is kept of this workspace now; on the free plan, how to get to where less is. */
function StandingCard({ standing, plan, ctx }: { standing: Standing; plan: string; ctx: Context }) {
  if (plan === "free")
    return (
      <Notice
        tone="info"
        title="Zero retention is part of the paid plan"
        action={<LinkButton href={`/${ctx.workspaceId}/organization/billing/plan`}>Upgrade</LinkButton>}
      >
        On the free plan what is asked and answered is kept for 30 days and may train models, as the terms say.
      </Notice>
    );
  return standing.isInForce ? (
    <Notice tone="good" title="Nothing of this workspace is kept">
      {byWords[standing.by ?? "order"]} Counts and cost of requests are kept, because invoices are made of them.
    </Notice>
  ) : (
    <Notice tone="neutral" title="What is asked and answered is kept for 30 days">
      It is sealed, and used for nothing but to look into abuse (T-4.2.2.2-D1). It trains no models.
    </Notice>
  );
}

const byWords = {
  organization: "Zero retention is in force for the whole organization.",
  workspace: "Zero retention is in force for this workspace.",
  order: "Your purchase order says so.",
} as const;
