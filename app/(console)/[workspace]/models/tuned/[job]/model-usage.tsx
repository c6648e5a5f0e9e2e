import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { UsageChart } from "#components/usage/usage-chart.tsx";
import { usageHref } from "#components/usage/usage-state.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { explore } from "#lib/domain/usage/explorer/queries.ts";
import { daysOf, rangeOf } from "#lib/domain/usage/rules.ts";

/** How often a tuned model was asked in the last thirty days, for who may see usage. */
export async function ModelUsage({ ctx, model }: { ctx: Context; model: string }) {
  if (!can(ctx.actor, "usage.read")) return null;
  const range = rangeOf({}, ctx.now);
  const asked = { grain: "day", by: "model", measure: "requests", only: model } as const;
  const { points, sum } = await explore(ctx, { ...asked, range, everywhere: false }, 1);
  const href = usageHref(`/${ctx.workspaceId}/usage`, {
    ...range,
    ...asked,
    view: "chart",
    compare: "none",
    workspace: "this",
  });
  return (
    <Card
      title="Usage"
      description="Requests of the last 30 days, by day in UTC."
      aside={<TextLink href={href}>Tokens and cost</TextLink>}
    >
      {sum.now.requests === 0 ? (
        <p className="text-ui text-text-soft">It was not asked in these days.</p>
      ) : (
        <UsageChart points={points} buckets={daysOf(range)} measure="requests" />
      )}
    </Card>
  );
}
