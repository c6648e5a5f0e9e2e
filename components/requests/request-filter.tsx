import { Combobox } from "#components/ui/combobox.tsx";
import { FilterChoice, FilterField } from "#components/ui/list/filter-chip.tsx";
import type { Option } from "#components/ui/select.tsx";
import { endpointWords, outcomeWords } from "#lib/domain/request-log/view.ts";

/** What was chosen, by the names the address has for it. */
export type Chosen = Partial<
  Record<"q" | "model" | "key" | "end_user" | "endpoint" | "outcome" | "from" | "to", string | undefined>
>;

type Props = {
  chosen: Chosen;
  models: readonly Option[];
  keys: readonly Option[];
  /** Where the other keys are asked for, if there are others. */
  keySource: string | undefined;
};

const optionsOf = (words: Record<string, string>): Option[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** What of the log to see, beside its search. */
export function RequestFilters({ chosen, models, keys, keySource }: Props) {
  return (
    <>
      <Combobox kind="filter" name="model" label="Model" all="All models" options={models} value={chosen.model} />
      {keys.length > 0 ? (
        <Combobox
          kind="filter"
          name="key"
          label="Key"
          all="All keys"
          options={keys}
          value={chosen.key}
          {...(keySource !== undefined && { source: keySource })}
        />
      ) : null}
      <FilterChoice
        name="endpoint"
        label="Endpoint"
        all="All endpoints"
        options={optionsOf(endpointWords)}
        value={chosen.endpoint}
      />
      <FilterChoice
        name="outcome"
        label="Outcome"
        all="All outcomes"
        options={optionsOf(outcomeWords)}
        value={chosen.outcome}
      />
      {chosen.end_user ? (
        <FilterField type="text" name="end_user" label="End user" word="End user" value={chosen.end_user} />
      ) : null}
      <Moment name="from" word="From" value={chosen.from} />
      <Moment name="to" word="To" value={chosen.to} />
    </>
  );
}

/** A day in the address is the day's first minute, or its last. */
function Moment({ name, word, value }: { name: "from" | "to"; word: string; value: string | undefined }) {
  const minute = value?.length === 10 ? `${value}T${name === "from" ? "00:00" : "23:59"}` : value;
  return <FilterField type="datetime-local" name={name} label={`${word} (UTC)`} word={word} value={minute} />;
}
