import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Refused } from "#app/doors/refused.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { type KeyLimitFilter, keyLimitFilter } from "#lib/domain/limits/input.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { KeySection } from "./key-section.tsx";
import { RateSection } from "./rate-section.tsx";
import { OrganizationLimit, WorkspaceLimit } from "./scope-limit.tsx";

export const metadata: Metadata = { title: "Limits" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function LimitsPage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  return (
    <Page>
      <PageHeader
        title="Limits"
        description="What may be spent in a calendar month (UTC) and how often models may be asked, and how much of it is used."
      />
      {can(ctx.actor, "limits.read") ? (
        <SpendLimits ctx={ctx} keys={keyLimitFilter.parse(await firstOf(searchParams))} />
      ) : (
        <Refused ctx={ctx} permission="limits.read" />
      )}
    </Page>
  );
}

async function SpendLimits({ ctx, keys }: { ctx: Context; keys: KeyLimitFilter }) {
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
      <KeySection ctx={ctx} asked={keys} />
      <RateSection ctx={ctx} />
    </>
  );
}
