import { SetWorkspaceRates } from "#components/rates/workspace-rates.tsx";
import { WorkspaceRatesList } from "#components/rates/workspace-rates-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { workspaceRates } from "#lib/domain/rates/queries.ts";
import { saveWorkspaceRates } from "./actions.ts";

/** What the workspace allows itself, below what the organization may use. */
export async function WorkspaceCard({ ctx, models }: { ctx: Context; models: readonly string[] }) {
  const own = await workspaceRates(ctx);
  const mayChange = can(ctx.actor, "rates.write-workspace");
  if (!mayChange && own.length === 0) return null;
  return (
    <Card
      title="Tighter limits of this workspace"
      description="Keep one workspace from using up what the others need."
      {...(mayChange && { aside: <SetWorkspaceRates models={models} own={own} save={saveWorkspaceRates} /> })}
    >
      <WorkspaceRatesList own={own} />
    </Card>
  );
}
