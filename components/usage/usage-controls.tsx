import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { type Option, Select } from "#components/ui/select.tsx";
import { dimensionOf, type Grouping, groupings, mayShowHours } from "#lib/domain/usage/rules.ts";
import { measures, measureWords } from "./measures.ts";
import { parametersOf, type UsageState, usageHref } from "./usage-state.ts";

export type RangePreset = { label: string; from: string; to: string };

type Props = {
  base: string;
  state: UsageState;
  presets: readonly RangePreset[];
  /** Whether all workspaces can be asked about. */
  mayAskEverywhere: boolean;
  /** What the grouping can be filtered to. */
  choices: readonly Option[];
};

/** What of the usage to look at: every control is a link or a GET form. */
export function UsageControls({ base, state, presets, mayAskEverywhere, choices }: Props) {
  const to = (change: Partial<UsageState>) => usageHref(base, { ...state, ...change });
  const offered = (Object.keys(groupings) as Grouping[]).filter((by) => by !== "workspace" || mayAskEverywhere);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Segments
          label="Range"
          segments={presets.map(({ label, from, to: end }) => ({
            label,
            href: to({ from, to: end }),
            current: from === state.from && end === state.to,
          }))}
        />
        <Segments
          label="Group by"
          segments={offered.map((by) => ({
            label: `By ${groupings[by].noun.toLowerCase()}`,
            // What one model is filtered to says nothing about keys.
            href: to({ by, only: dimensionOf(by) === dimensionOf(state.by) ? state.only : undefined }),
            current: state.by === by,
          }))}
        />
        <Segments
          label="Measure"
          segments={measures.map((measure) => ({
            label: measureWords[measure],
            href: to({ measure }),
            current: measure === state.measure,
          }))}
        />
        {mayShowHours(state) ? (
          <Segments
            label="Grain"
            segments={[
              { label: "Days", href: to({ grain: "day" }), current: state.grain === "day" },
              { label: "Hours", href: to({ grain: "hour" }), current: state.grain === "hour" },
            ]}
          />
        ) : null}
      </div>
      <Filter base={base} state={state} mayAskEverywhere={mayAskEverywhere} choices={choices} />
    </div>
  );
}

const filtered = ["from", "to", "workspace", "compare", "model", "key", "end_user"];

function Filter({ base, state, mayAskEverywhere, choices }: Omit<Props, "presets">) {
  const kept = Object.entries(parametersOf(state)).filter(([name]) => !filtered.includes(name));
  return (
    // The key gives the fields their new default when a link changed them.
    <form key={JSON.stringify(state)} action={base} className="flex flex-wrap items-center gap-2">
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="flex items-center gap-1.5 max-sm:w-full">
        <div className="w-36 max-sm:w-auto max-sm:grow">
          <Input type="date" name="from" aria-label="From day (UTC)" defaultValue={state.from} data-shortcut="filter" />
        </div>
        <span aria-hidden="true">–</span>
        <div className="w-36 max-sm:w-auto max-sm:grow">
          <Input type="date" name="to" aria-label="To day (UTC)" defaultValue={state.to} />
        </div>
      </div>
      {mayAskEverywhere && state.by !== "workspace" ? (
        <div className="w-44 max-sm:w-full">
          <Select
            name="workspace"
            aria-label="Workspace"
            defaultValue={state.workspace}
            options={[
              { value: "this", label: "This workspace" },
              { value: "all", label: "All workspaces" },
            ]}
          />
        </div>
      ) : null}
      <div className="w-48 max-sm:w-full">
        <Only state={state} choices={choices} />
      </div>
      <div className="w-52 max-sm:w-full">
        <Select
          name="compare"
          aria-label="Compare"
          defaultValue={state.compare}
          options={[
            { value: "previous", label: "Compare with before" },
            { value: "none", label: "Do not compare" },
          ]}
        />
      </div>
      <Button type="submit">Show</Button>
      {state.only === undefined ? null : (
        <LinkButton href={usageHref(base, { ...state, only: undefined })} emphasis="quiet">
          Clear filter
        </LinkButton>
      )}
    </form>
  );
}

/** One of many end users is written, not looked for in a list. */
function Only({ state, choices }: Pick<Props, "state" | "choices">) {
  const dimension = dimensionOf(state.by);
  const { noun, all } = groupings[dimension];
  if (dimension === "end_user") {
    return (
      <Input name={dimension} aria-label={noun} placeholder={all} defaultValue={state.only ?? ""} autoComplete="off" />
    );
  }
  return (
    <Select
      name={dimension}
      aria-label={noun}
      defaultValue={state.only ?? ""}
      options={[{ value: "", label: all }, ...choices]}
    />
  );
}
