import { Combobox } from "#components/ui/combobox.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { FilterChoice, FilterField } from "#components/ui/list/filter-chip.tsx";
import { ListForm } from "#components/ui/list/list-form.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { Option } from "#components/ui/select.tsx";
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

/** What the form below changes; the rest goes along. */
const changed = ["from", "to", "workspace", "compare", "model", "key", "end_user"];

function Filter({ base, state, mayAskEverywhere, choices }: Omit<Props, "presets">) {
  const { workspace, compare, ...rest } = parametersOf(state);
  const values = {
    ...rest,
    ...(workspace === "all" && { workspace }),
    ...(compare === "none" && { compare }),
  };
  return (
    <ListForm base={base} label="What to show" values={values} search={undefined}>
      {Object.entries(values).map(([name, value]) =>
        changed.includes(name) ? null : <input key={name} type="hidden" name={name} value={value} readOnly />,
      )}
      <FilterField
        type="date"
        name="from"
        label="From day (UTC)"
        word="From"
        value={state.from}
        marks={false}
        data-shortcut="filter"
      />
      <FilterField type="date" name="to" label="To day (UTC)" word="To" value={state.to} marks={false} />
      {mayAskEverywhere && state.by !== "workspace" ? (
        <FilterChoice
          name="workspace"
          label="Workspace"
          all="This workspace"
          options={[{ value: "all", label: "All workspaces" }]}
          value={values.workspace}
        />
      ) : null}
      <Only state={state} choices={choices} />
      <FilterChoice
        name="compare"
        label="Compare"
        all="Compare with before"
        options={[{ value: "none", label: "Do not compare" }]}
        value={values.compare}
      />
      {state.only === undefined ? null : (
        <LinkButton href={usageHref(base, { ...state, only: undefined })} emphasis="quiet" scroll={false}>
          Clear filter
        </LinkButton>
      )}
    </ListForm>
  );
}

/** One of many end users is found in the list below; one that is chosen is shown. */
function Only({ state, choices }: Pick<Props, "state" | "choices">) {
  const dimension = dimensionOf(state.by);
  const { noun, all } = groupings[dimension];
  if (dimension === "end_user") {
    return state.only ? <FilterField type="text" name={dimension} label={noun} word={noun} value={state.only} /> : null;
  }
  return <Combobox kind="filter" name={dimension} label={noun} all={all} options={choices} value={state.only} />;
}
