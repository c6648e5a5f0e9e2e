import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { type Option, Select } from "#components/ui/select.tsx";
import { endpointWords, outcomeWords } from "./request-view.ts";

/** What was chosen, by the names the address has for it. */
export type Chosen = Partial<Record<"model" | "key" | "end_user" | "endpoint" | "outcome" | "from" | "to", string>>;

type Props = {
  base: string;
  chosen: Chosen;
  models: readonly Option[];
  keys: readonly Option[];
  isFiltered: boolean;
};

const optionsOf = (words: Record<string, string>): Option[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** What of the log to see: a GET form, so that the address keeps it. */
export function RequestFilter({ base, chosen, models, keys, isFiltered }: Props) {
  const choices = [
    { name: "model", label: "Model", all: "All models", options: models },
    { name: "key", label: "Key", all: "All keys", options: keys },
    { name: "endpoint", label: "Endpoint", all: "All endpoints", options: optionsOf(endpointWords) },
    { name: "outcome", label: "Outcome", all: "All outcomes", options: optionsOf(outcomeWords) },
  ] as const;
  return (
    <form key={JSON.stringify(chosen)} action={base} className="flex flex-wrap items-center gap-2">
      {choices.map(({ name, label, all, options }, index) => (
        <div key={name} className="w-44 max-sm:w-full">
          <Select
            name={name}
            aria-label={label}
            data-shortcut={index === 0 ? "filter" : undefined}
            defaultValue={chosen[name] ?? ""}
            options={[{ value: "", label: all }, ...options]}
          />
        </div>
      ))}
      <div className="w-44 max-sm:w-full">
        <Input
          name="end_user"
          aria-label="End user"
          placeholder="All end users"
          defaultValue={chosen.end_user ?? ""}
          autoComplete="off"
        />
      </div>
      <Moment name="from" word="From" value={chosen.from} />
      <Moment name="to" word="to" value={chosen.to} />
      <Button type="submit">Filter</Button>
      {isFiltered ? (
        <LinkButton href={base} emphasis="quiet">
          Clear filters
        </LinkButton>
      ) : null}
    </form>
  );
}

/** A day in the address is the day's first minute, or its last. */
function Moment({ name, word, value = "" }: { name: "from" | "to"; word: string; value?: string | undefined }) {
  const minute = value.length === 10 ? `${value}T${name === "from" ? "00:00" : "23:59"}` : value;
  return (
    <div className="flex items-center gap-1.5 text-ui text-text-soft max-sm:w-full">
      <span aria-hidden="true" className="max-sm:w-10 max-sm:first-letter:uppercase">
        {word}
      </span>
      <div className="w-52 max-sm:w-auto max-sm:grow">
        <Input
          type="datetime-local"
          name={name}
          aria-label={name === "from" ? "From (UTC)" : "To (UTC)"}
          defaultValue={minute}
        />
      </div>
    </div>
  );
}
