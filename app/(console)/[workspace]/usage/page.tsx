import { ChartColumn } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import type { SearchParams } from "#app/(console)/search-params.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { NoPermission } from "#components/ui/no-permission.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { UsageChart } from "#components/usage/usage-chart.tsx";
import { UsageControls, type UsageState, usageHref } from "#components/usage/usage-controls.tsx";
import { UsageDays, UsageTotals } from "#components/usage/usage-tables.tsx";
import { can } from "#lib/access/authorize.ts";
import type { Context } from "#lib/context.ts";
import { hasUsage, type UsageDay, usageDays } from "#lib/usage/queries.ts";
import { daysOf } from "#lib/usage/rules.ts";
import { presetsOf, stateOf } from "./state.ts";

export const metadata: Metadata = { title: "Usage" };

type Props = { params: Promise<{ workspace: string }>; searchParams: SearchParams };

export default async function UsagePage({ params, searchParams }: Props) {
  const ctx = await enter(params);
  const state = await stateOf(searchParams, ctx.now);
  const base = `/${ctx.workspaceId}/usage`;
  const mayRead = can(ctx.actor, "usage.read");
  return (
    <Page width="table">
      <PageHeader
        title="Usage"
        description="Requests, tokens and cost of this workspace by day in UTC, exact to the request."
        action={
          mayRead ? (
            <LinkButton download href={usageHref(`${base}/csv`, state)}>
              Download CSV
            </LinkButton>
          ) : undefined
        }
      />
      {mayRead ? <Usage ctx={ctx} state={state} base={base} /> : <NoPermission permission="usage.read" />}
    </Page>
  );
}

async function Usage({ ctx, state, base }: { ctx: Context; state: UsageState; base: string }) {
  const rows = await usageDays(ctx, state.by, state);
  if (rows.length === 0 && !(await hasUsage(ctx))) {
    return (
      <EmptyState icon={ChartColumn} title="No usage yet">
        Every request to the API shows here seconds after its answer.{" "}
        <TextLink href={`/${ctx.workspaceId}/home`}>Make the first one</TextLink>.
      </EmptyState>
    );
  }
  return (
    <>
      <UsageControls base={base} state={state} presets={presetsOf(ctx.now)} />
      {rows.length === 0 ? (
        <EmptyState
          icon={ChartColumn}
          title="Nothing in these days"
          action={<LinkButton href={base}>Show the last 30 days</LinkButton>}
        >
          This workspace was used on other days.
        </EmptyState>
      ) : (
        <>
          <Days state={state} base={base} rows={rows} />
          <UsageTotals rows={rows} by={state.by} />
        </>
      )}
    </>
  );
}

function Days({ rows, state, base }: { rows: readonly UsageDay[]; state: UsageState; base: string }) {
  const title = state.by === "model" ? "By model" : "By key";
  if (state.view === "chart") {
    return (
      <Card
        title={title}
        aside={<TextLink href={usageHref(base, { ...state, view: "table" })}>View as table</TextLink>}
      >
        <UsageChart rows={rows} days={daysOf(state)} measure={state.measure} />
      </Card>
    );
  }
  return (
    <section aria-labelledby="days" className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between gap-4 text-ui">
        <h2 id="days" className="text-body font-semibold">
          {title} and day
        </h2>
        <TextLink href={usageHref(base, { ...state, view: "chart" })}>View as chart</TextLink>
      </div>
      <UsageDays rows={rows} by={state.by} />
    </section>
  );
}
