import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { KeySection } from "./key-section.tsx";
import { RateSection } from "./rate-section.tsx";
import { OrganizationLimit, WorkspaceLimit } from "./scope-limit.tsx";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  return (
    <Page>
      <PageHeader
        title="Limits"
        description="What may be spent in a calendar month (UTC) and how often models may be asked, and how much of it is used."
      />
      {can(ctx.actor, "limits.read") ? <SpendLimits ctx={ctx} /> : <Refused ctx={ctx} permission="limits.read" />}
    </Page>
  );
}

async function SpendLimits({ ctx }: { ctx: Context }) {
  const [{ organization, workspace }, places] = await Promise.all([standings(ctx), myWorkspaces(ctx)]);
  const [organizationPace, workspacePace] = await Promise.all([
    spendRate(ctx, organization),
    spendRate(ctx, workspace),
  ]);
  const here = places.find((place) => place.workspace.id === ctx.workspaceId);
  return (
    <>
      <WorkspaceLimit
        ctx={ctx}
        name={here?.workspace.name ?? ""}
        standing={workspace}
        organization={organization}
        spendRate={workspacePace}
      />
      <OrganizationLimit
        ctx={ctx}
        name={here?.organization.name ?? ""}
        standing={organization}
        spendRate={organizationPace}
      />
      <KeySection ctx={ctx} />
      <RateSection ctx={ctx} />
    </>
  );
}
