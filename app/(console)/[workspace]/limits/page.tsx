import { page } from "#app/doors/workspace-page.tsx";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { keyLimitFilter } from "#lib/domain/limits/input.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { KeySection } from "./key-section.tsx";
import { RateSection } from "./rate-section.tsx";
import { OrganizationLimit, WorkspaceLimit } from "./scope-limit.tsx";

const limits = page({
  can: "limits.read",
  title: "Limits",
  description:
    "What can be spent in a calendar month (UTC), how often models can be asked, and how much of it is used.",
  load: async (ctx) => {
    const [{ organization, workspace }, places] = await Promise.all([standings(ctx), myWorkspaces(ctx)]);
    const [organizationRate, workspaceRate] = await Promise.all([
      spendRate(ctx, organization),
      spendRate(ctx, workspace),
    ]);
    const here = places.find((place) => place.workspace.id === ctx.workspaceId);
    return { organization, workspace, organizationRate, workspaceRate, here };
  },
  view: ({ organization, workspace, organizationRate, workspaceRate, here }, ctx, { search }) => (
    <>
      <WorkspaceLimit
        ctx={ctx}
        name={here?.workspace.name ?? ""}
        standing={workspace}
        organization={organization}
        spendRate={workspaceRate}
      />
      <OrganizationLimit
        ctx={ctx}
        name={here?.organization.name ?? ""}
        standing={organization}
        spendRate={organizationRate}
      />
      <KeySection ctx={ctx} asked={keyLimitFilter.parse(search)} />
      <RateSection ctx={ctx} />
    </>
  ),
});

export const { generateMetadata } = limits;
export default limits.default;
