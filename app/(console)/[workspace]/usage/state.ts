import type { RangePreset } from "#components/usage/usage-controls.tsx";
import type { UsageState } from "#components/usage/usage-state.ts";
import { can } from "#lib/core/access/authorize.ts";
import { addDays, dayOf, monthOf } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { usageFilter } from "#lib/domain/usage/input.ts";
import { dimensionOf, grainOf, type Question, rangeOf } from "#lib/domain/usage/rules.ts";

/** What the address asks for; what makes no sense in it, or is not theirs to ask, is as if it were not there. */
export function stateOf(search: Record<string, string | undefined>, ctx: Context): UsageState {
  const asked = usageFilter.parse(search);
  const range = rangeOf(asked, ctx.now);
  const mayAskEverywhere = can(ctx.actor, "usage.read-organization");
  const by = asked.by === "workspace" && !mayAskEverywhere ? "model" : asked.by;
  const everywhere = mayAskEverywhere && (by === "workspace" || asked.workspace === "all");
  return {
    ...range,
    by,
    grain: grainOf(asked.grain, range),
    measure: asked.measure,
    view: asked.view,
    compare: asked.compare,
    workspace: everywhere ? "all" : "this",
    only: asked[dimensionOf(by)],
  };
}

export const questionOf = ({ from, to, by, grain, measure, workspace, only }: UsageState): Question => ({
  range: { from, to },
  by,
  grain,
  measure,
  everywhere: workspace === "all",
  only,
});

export function presetsOf(now: Date): RangePreset[] {
  const today = dayOf(now);
  const thisMonth = monthOf(now);
  const lastOfLast = addDays(new Date(thisMonth), -1);
  return [
    { label: "Today", from: today, to: today },
    { label: "7 days", from: dayOf(addDays(now, -6)), to: today },
    { label: "30 days", from: dayOf(addDays(now, -29)), to: today },
    { label: "90 days", from: dayOf(addDays(now, -89)), to: today },
    { label: "This month", from: thisMonth, to: today },
    { label: "Last month", from: monthOf(lastOfLast), to: dayOf(lastOfLast) },
  ];
}
