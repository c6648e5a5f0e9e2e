import { isFree } from "#app/(console)/[workspace]/limits/free-plan.tsx";
import type { Need } from "#components/home/needs-action.tsx";
import { ForecastLine } from "#components/limits/forecast-line.tsx";
import { Meter } from "#components/limits/meter.tsx";
import { Card } from "#components/ui/card.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { isReached, type LimitStanding, percentOf, stateOf, tightest } from "#lib/domain/limits/rules.ts";

const whose = { key: "key's", workspace: "workspace's", organization: "organization's" } as const;

type Standings = { organization: LimitStanding; workspace: LimitStanding };

/** How the two limits above the workspace stand, for those who may see them. */
export const mayStandings = async (ctx: Context): Promise<Standings | null> =>
  can(ctx.actor, "limits.read") ? standings(ctx) : null;

/** A reached limit is on every page already; here stands what is about to be reached. */
export function limitNeeds(ctx: Context, found: Standings | null): Need[] {
  if (!found) return [];
  return [found.organization, found.workspace]
    .filter((standing) => stateOf(standing) === "near")
    .map((standing) => ({
      id: `limit-${standing.scope}`,
      tone: "warn",
      text: `${percentOf(standing)} % of the ${whose[standing.scope]} spend limit is spent. At 100 % requests are refused.`,
      label: "See limits",
      href: `/${ctx.workspaceId}/limits#${standing.scope}`,
    }));
}

/** The limit that leaves least, with its meter. */
export async function LimitCard({ ctx, found }: { ctx: Context; found: Standings | null }) {
  const standing = found && tightest([found.workspace, found.organization]);
  if (!standing || (!isReached(standing) && (await isFree(ctx)))) return null;
  return (
    <Card
      title={`The ${whose[standing.scope]} spend limit`}
      aside={<TextLink href={`/${ctx.workspaceId}/limits#${standing.scope}`}>All limits</TextLink>}
    >
      <div className="flex flex-col gap-3">
        <Meter standing={standing} label={`Spent of the ${whose[standing.scope]} limit`} now={ctx.now} />
        <ForecastLine standing={standing} spendRate={await spendRate(ctx, standing)} now={ctx.now} />
      </div>
    </Card>
  );
}
