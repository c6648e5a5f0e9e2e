import { viewOf } from "#components/rates/gauge-view.ts";
import { RateGauges } from "#components/rates/rate-gauges.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { liveRates } from "#lib/gateway/rate-limits/gauges.ts";
import { PlanCard } from "./rates/plan-card.tsx";
import { RequestCard } from "./rates/request-card.tsx";
import { WorkspaceCard } from "./rates/workspace-card.tsx";

/** T-4.2.2.2-RL: every rate limit that can refuse a request, the plan behind them, and the ways to change them. */
export async function RateSection({ ctx }: { ctx: Context }) {
  if (!can(ctx.actor, "limits.read")) return null;
  const [live, models] = await Promise.all([liveRates(ctx), contractModels(ctx)]);
  const names = models.map(({ id }) => id);
  return (
    <>
      <Card
        id="rates"
        flush
        title="Rate limits"
        description="Every limit that can answer a request with 429, from the same function the API asks, and the document it comes from."
      >
        <RateGauges first={viewOf(live)} href={`/${ctx.workspaceId}/limits/live`} />
      </Card>
      <WorkspaceCard ctx={ctx} models={names} />
      <RequestCard ctx={ctx} models={names} />
      <PlanCard ctx={ctx} />
    </>
  );
}
