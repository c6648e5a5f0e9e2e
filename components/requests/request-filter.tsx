import { Button } from "#components/ui/button.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { type Option, Select } from "#components/ui/select.tsx";
import { outcomeWords } from "./request-view.ts";

type Chosen = { model?: string | undefined; key?: string | undefined; outcome?: string | undefined };

type Props = { base: string; chosen: Chosen; models: readonly Option[]; keys: readonly Option[] };

const outcomes = Object.entries(outcomeWords).map(([value, label]) => ({ value, label }));

/** What of the log to see: a GET form, so that the address keeps it. */
export function RequestFilter({ base, chosen, models, keys }: Props) {
  const isFiltered = Boolean(chosen.model ?? chosen.key ?? chosen.outcome);
  return (
    <form key={JSON.stringify(chosen)} action={base} className="flex flex-wrap items-center gap-2">
      <div className="w-44 max-sm:w-full">
        <Select
          name="model"
          aria-label="Model"
          data-shortcut="filter"
          defaultValue={chosen.model ?? ""}
          options={[{ value: "", label: "All models" }, ...models]}
        />
      </div>
      <div className="w-44 max-sm:w-full">
        <Select
          name="key"
          aria-label="Key"
          defaultValue={chosen.key ?? ""}
          options={[{ value: "", label: "All keys" }, ...keys]}
        />
      </div>
      <div className="w-40 max-sm:w-full">
        <Select
          name="outcome"
          aria-label="Outcome"
          defaultValue={chosen.outcome ?? ""}
          options={[{ value: "", label: "All outcomes" }, ...outcomes]}
        />
      </div>
      <Button type="submit">Filter</Button>
      {isFiltered ? (
        <LinkButton href={base} emphasis="quiet">
          Clear filters
        </LinkButton>
      ) : null}
    </form>
  );
}
