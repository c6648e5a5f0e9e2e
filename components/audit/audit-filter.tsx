import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Select } from "#components/ui/select.tsx";
import { actorWords } from "./audit-view.ts";

/** What was chosen, by the names the address has for it. */
export type Chosen = Partial<Record<"kind" | "actor" | "action" | "object" | "clause" | "from" | "to", string>>;

type Props = { base: string; chosen: Chosen; actions: readonly string[]; isFiltered: boolean };

const kinds = [
  { value: "", label: "Everybody" },
  ...Object.entries(actorWords).map(([value, label]) => ({ value, label })),
];

const words = [
  { name: "actor", label: "Name or id of the actor", placeholder: "Any name" },
  { name: "action", label: "Action", placeholder: "Any action" },
  { name: "object", label: "Type or id of the object", placeholder: "Any object" },
  { name: "clause", label: "Clause", placeholder: "Any clause" },
] as const;

/** What of the log to see: a GET form, so that the address keeps it. */
export function AuditFilter({ base, chosen, actions, isFiltered }: Props) {
  return (
    <search>
      <form key={JSON.stringify(chosen)} action={base} className="flex flex-wrap items-center gap-2">
        <div className="w-44 max-sm:w-full">
          <Select
            name="kind"
            aria-label="Kind of actor"
            data-shortcut="filter"
            defaultValue={chosen.kind ?? ""}
            options={kinds}
          />
        </div>
        {words.map(({ name, label, placeholder }) => (
          <div key={name} className="w-40 max-sm:w-full">
            <Input
              name={name}
              aria-label={label}
              placeholder={placeholder}
              defaultValue={chosen[name] ?? ""}
              autoComplete="off"
              list={name === "action" ? "audit-actions" : undefined}
            />
          </div>
        ))}
        <datalist id="audit-actions">
          {actions.map((action) => (
            <option key={action} value={action} />
          ))}
        </datalist>
        <Day name="from" word="From" value={chosen.from} />
        <Day name="to" word="to" value={chosen.to} />
        <Button type="submit">Filter</Button>
        {isFiltered ? (
          <LinkButton href={base} emphasis="quiet">
            Clear filters
          </LinkButton>
        ) : null}
      </form>
    </search>
  );
}

function Day({ name, word, value = "" }: { name: "from" | "to"; word: string; value?: string | undefined }) {
  return (
    <div className="flex items-center gap-1.5 text-ui text-text-soft max-sm:w-full">
      <span aria-hidden="true" className="max-sm:w-10 max-sm:first-letter:uppercase">
        {word}
      </span>
      <div className="w-40 max-sm:w-auto max-sm:grow">
        <Input
          type="date"
          name={name}
          aria-label={name === "from" ? "From day (UTC)" : "To day (UTC)"}
          defaultValue={value}
        />
      </div>
    </div>
  );
}
