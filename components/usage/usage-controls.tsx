import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { type Measure, measures, measureWords } from "./measures.ts";

/** All a usage page shows, as its address says it. */
export type UsageState = { from: string; to: string; by: "model" | "key"; measure: Measure; view: "chart" | "table" };

export type RangePreset = { label: string; from: string; to: string };

export function usageHref(base: string, state: UsageState): string {
  return `${base}?${new URLSearchParams(state)}`;
}

type Props = { base: string; state: UsageState; presets: readonly RangePreset[] };

/** What of the usage to look at: every control is a link or a GET form. */
export function UsageControls({ base, state, presets }: Props) {
  const to = (change: Partial<UsageState>) => usageHref(base, { ...state, ...change });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <Segments
        label="Range"
        segments={presets.map(({ label, from, to: end }) => ({
          label,
          href: to({ from, to: end }),
          current: from === state.from && end === state.to,
        }))}
      />
      <DayRange base={base} state={state} />
      <span className="grow max-lg:hidden" />
      <Segments
        label="Group by"
        segments={[
          { label: "By model", href: to({ by: "model" }), current: state.by === "model" },
          { label: "By key", href: to({ by: "key" }), current: state.by === "key" },
        ]}
      />
      <Segments
        label="Measure"
        segments={measures.map((measure) => ({
          label: measureWords[measure],
          href: to({ measure }),
          current: measure === state.measure,
        }))}
      />
    </div>
  );
}

function DayRange({ base, state }: { base: string; state: UsageState }) {
  return (
    // The key gives the fields their new default when a preset is chosen.
    <form key={`${state.from} ${state.to}`} action={base} className="flex flex-wrap items-center gap-1.5">
      {(["by", "measure", "view"] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={state[name]} />
      ))}
      <div className="w-36">
        <Input type="date" name="from" aria-label="From day (UTC)" defaultValue={state.from} data-shortcut="filter" />
      </div>
      <span aria-hidden="true">–</span>
      <div className="w-36">
        <Input type="date" name="to" aria-label="To day (UTC)" defaultValue={state.to} />
      </div>
      <Button type="submit">Show</Button>
    </form>
  );
}
