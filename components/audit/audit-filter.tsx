import { Combobox } from "#components/ui/combobox.tsx";
import { FilterChoice, FilterField } from "#components/ui/list/filter-chip.tsx";
import { actorWords } from "#lib/domain/audit/view.ts";
import { actionTitle } from "#lib/domain/audit/words/rules.ts";

/** What was chosen, by the names the address has for it. */
export type Chosen = Partial<
  Record<"q" | "kind" | "actor" | "action" | "object" | "clause" | "from" | "to", string | undefined>
>;

const kinds = Object.entries(actorWords).map(([value, label]) => ({ value, label }));

/** Filters that addresses lead to, and that are shown once they are set. */
const led = [
  { name: "actor", label: "Name or id of the actor", word: "Actor" },
  { name: "object", label: "Type or id of the object", word: "Object" },
  { name: "clause", label: "Clause", word: "Clause" },
] as const;

/** What of the log to see, beside its search. */
export function AuditFilters({ chosen, actions }: { chosen: Chosen; actions: readonly string[] }) {
  const offered = actions.map((action) => ({ value: action, label: actionTitle(action) }));
  const isOther = chosen.action && !actions.includes(chosen.action);
  return (
    <>
      <FilterChoice name="kind" label="Kind of actor" all="Everybody" options={kinds} value={chosen.kind} />
      <Combobox
        kind="filter"
        name="action"
        label="Action"
        all="All actions"
        options={isOther ? [{ value: chosen.action ?? "", label: chosen.action ?? "" }, ...offered] : offered}
        value={chosen.action}
      />
      <FilterField type="date" name="from" label="From day (UTC)" word="From" value={chosen.from} />
      <FilterField type="date" name="to" label="To day (UTC)" word="To" value={chosen.to} />
      {led.map(({ name, ...field }) =>
        chosen[name] ? <FilterField key={name} type="text" name={name} {...field} value={chosen[name]} /> : null,
      )}
    </>
  );
}
