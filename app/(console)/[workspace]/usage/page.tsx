import { ChartColumn } from "lucide-react";
import { page } from "#app/doors/workspace-page.tsx";
import { mostSeries } from "#components/charts/series-tone.ts";
import { Downloads } from "#components/ui/downloads.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { UsageControls } from "#components/usage/usage-controls.tsx";
import { type UsageState, usageHref } from "#components/usage/usage-state.ts";
import { UsageSummary } from "#components/usage/usage-summary.tsx";
import { UsageTotals } from "#components/usage/usage-tables.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { choicesOf, explore } from "#lib/domain/usage/explorer/queries.ts";
import type { Explored } from "#lib/domain/usage/explorer/view.ts";
import { type EndUserFilter, endUserFilter } from "#lib/domain/usage/input.ts";
import { hasUsage } from "#lib/domain/usage/queries.ts";
import { daysOf, dimensionOf, groupings, mostDaysByHour } from "#lib/domain/usage/rules.ts";
import { Buckets } from "./buckets.tsx";
import { EndUsers } from "./end-users.tsx";
import { presetsOf, questionOf, stateOf } from "./state.ts";

const usage = page({
  can: "usage.read",
  title: "Usage",
  description: (ctx, { search }) => {
    const { workspace, grain } = stateOf(search, ctx);
    const whose = workspace === "all" ? "all workspaces" : "this workspace";
    return `Requests, tokens and cost of ${whose} by ${grain} in UTC, exact to the request.`;
  },
  width: "table",
  load: async (ctx, { search }) => {
    const state = stateOf(search, ctx);
    const question = questionOf(state);
    const [explored, choices, isUsed] = await Promise.all([
      explore(ctx, question, mostSeries),
      dimensionOf(state.by) === "end_user" ? [] : choicesOf(ctx, question),
      hasUsage(ctx),
    ]);
    return { base: `/${ctx.workspaceId}/usage`, state, explored, choices, isUsed };
  },
  head: ({ base, state }) => ({ action: <Downloads hrefOf={(format) => usageHref(`${base}/${format}`, state)} /> }),
  view: ({ base, state, explored, choices, isUsed }, ctx, { search }) => {
    const isEmpty = explored.sum.now.requests === 0;
    if (isEmpty && !isUsed && state.workspace === "this") {
      return (
        <EmptyState icon={ChartColumn} title="No usage yet">
          Every request to the API shows here seconds after its answer.{" "}
          <TextLink href={`/${ctx.workspaceId}/home`}>Make the first one</TextLink>.
        </EmptyState>
      );
    }
    return (
      <>
        <UsageControls
          base={base}
          state={state}
          presets={presetsOf(ctx.now)}
          mayAskEverywhere={can(ctx.actor, "usage.read-organization")}
          choices={choices.map(({ id, name }) => ({ value: id, label: name }))}
        />
        {isEmpty ? (
          <Nothing state={state} base={base} />
        ) : (
          <Figures
            ctx={ctx}
            explored={explored}
            state={state}
            base={base}
            page={Number(search.page ?? 1)}
            list={endUserFilter.parse(search)}
          />
        )}
      </>
    );
  },
});

export const { generateMetadata } = usage;
export default usage.default;

type UsageProps = { ctx: Context; state: UsageState; base: string; page: number; list: EndUserFilter };

function Nothing({ state, base }: Pick<UsageProps, "state" | "base">) {
  const isFiltered = state.only !== undefined;
  return (
    <EmptyState
      icon={ChartColumn}
      title={isFiltered ? "Nothing matches in these days" : "Nothing in these days"}
      action={
        isFiltered ? (
          <LinkButton href={usageHref(base, { ...state, only: undefined })}>Clear filter</LinkButton>
        ) : (
          <LinkButton href={base}>Show the last 30 days</LinkButton>
        )
      }
    >
      {isFiltered ? `“${state.only}” was not used in them.` : "This workspace was used on other days."}
    </EmptyState>
  );
}

const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

function Figures({ ctx, explored, state, base, page, list }: UsageProps & { explored: Explored }) {
  const { totals, sum, others, month } = explored;
  const isCompared = state.compare === "previous";
  const days = daysOf(state).length;
  return (
    <>
      <UsageSummary
        sum={sum}
        days={isCompared ? days : undefined}
        month={
          month && {
            name: monthFormat.format(new Date(month.month)),
            settledPico: month.settledPico,
            isOver: month.month < monthOf(ctx.now),
            everywhere: state.workspace === "all",
          }
        }
      />
      <Buckets explored={explored} state={state} base={base} page={page} />
      {state.by === "end_user" ? (
        <EndUsers ctx={ctx} explored={explored} state={state} base={base} asked={list} />
      ) : (
        <UsageTotals totals={totals} sum={sum} by={state.by} compare={isCompared ? state.measure : undefined} />
      )}
      <p className="text-meta text-text-faint">
        {others > 0 && state.by !== "end_user"
          ? `Other are ${others} more ${groupings[state.by].plural}; the files have all of them. `
          : ""}
        {days > mostDaysByHour ? `Hours can be seen for up to ${mostDaysByHour} days. ` : ""}
        One model of one key, or of one end user, is in the{" "}
        <TextLink href={`/${ctx.workspaceId}/logs`}>request log</TextLink>: sums know a workspace and one thing more.
      </p>
    </>
  );
}
