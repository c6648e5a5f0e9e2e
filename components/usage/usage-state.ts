import { dimensionOf, type Grain, type Grouping, type Measure } from "#lib/domain/usage/rules.ts";

/** All a usage page shows, as its address says it. */
export type UsageState = {
  from: string;
  to: string;
  by: Grouping;
  grain: Grain;
  measure: Measure;
  view: "chart" | "table";
  compare: "previous" | "none";
  workspace: "this" | "all";
  /** Only this model, key or end user. */
  only: string | undefined;
};

/** The address that shows a state. What it is grouped by names the parameter that filters it. */
export function usageHref(base: string, state: UsageState, more: Record<string, string> = {}): string {
  return `${base}?${new URLSearchParams({ ...parametersOf(state), ...more })}`;
}

export function parametersOf({ only, ...state }: UsageState): Record<string, string> {
  return { ...state, ...(only !== undefined && { [dimensionOf(state.by)]: only }) };
}
