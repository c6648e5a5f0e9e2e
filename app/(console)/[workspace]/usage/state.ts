import { firstOf, type SearchParams } from "#app/(console)/search-params.ts";
import { measureOf } from "#components/usage/measures.ts";
import type { RangePreset, UsageState } from "#components/usage/usage-controls.tsx";
import { addDays, dayOf, monthOf } from "#lib/clock.ts";
import { usageFilter } from "#lib/usage/input.ts";
import { rangeOf } from "#lib/usage/rules.ts";

/** What the address asks for; what makes no sense in it is as if it were not there. */
export async function stateOf(params: SearchParams, now: Date): Promise<UsageState> {
  const { measure, view, ...asked } = await firstOf(params);
  const filter = usageFilter.catch({ by: "model" }).parse(asked);
  return {
    ...rangeOf(filter, now),
    by: filter.by,
    measure: measureOf(measure),
    view: view === "table" ? "table" : "chart",
  };
}

export function presetsOf(now: Date): RangePreset[] {
  const today = dayOf(now);
  const thisMonth = monthOf(now);
  const lastOfLast = addDays(new Date(thisMonth), -1);
  return [
    { label: "7 days", from: dayOf(addDays(now, -6)), to: today },
    { label: "30 days", from: dayOf(addDays(now, -29)), to: today },
    { label: "This month", from: thisMonth, to: today },
    { label: "Last month", from: monthOf(lastOfLast), to: dayOf(lastOfLast) },
  ];
}
