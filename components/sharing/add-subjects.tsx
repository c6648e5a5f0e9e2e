import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { SelectField } from "#components/ui/select-field.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import type { GrantedLevel } from "#lib/domain/sharing/view.ts";
import { kindWords, levels, type SharedWith, type Subject } from "#lib/domain/sharing/view.ts";

type Props = {
  name: string;
  subjects: readonly Subject[];
  onAdd: (added: SharedWith[]) => void;
  onClose: () => void;
};

const shownMax = 50;

/** Finds people, groups and service keys by a part of their name, and adds those that are ticked. */
export function AddSubjects({ name, subjects, onAdd, onClose }: Props) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [level, setLevel] = useState<GrantedLevel>("use");
  const part = search.trim().toLowerCase();
  const matching = subjects.filter(({ name, detail }) => `${name} ${detail}`.toLowerCase().includes(part));
  const toggle = (id: string) =>
    setChosen(new Set(chosen.has(id) ? [...chosen].filter((one) => one !== id) : [...chosen, id]));
  const add = () => {
    const added = subjects.filter(({ id }) => chosen.has(id)).map((subject) => ({ ...subject, level, isOut: false }));
    onAdd(added);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`Share ${name} with`}>
      <div className="flex flex-col gap-3">
        <TextField
          label="Find"
          name="find"
          type="search"
          autoComplete="off"
          placeholder="Name or e-mail"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Found subjects={matching} chosen={chosen} onToggle={toggle} />
        <SelectField
          label="They may"
          name="level"
          options={levels}
          value={level}
          onChange={(event) => setLevel(event.target.value as GrantedLevel)}
          help="Editing is changing what it says; managing is sharing, passing on and deleting it as well."
        />
        <DialogFooter hint={chosen.size > 0 ? `${chosen.size} chosen` : undefined}>
          <Button onClick={onClose}>Cancel</Button>
          <Button emphasis="primary" onClick={add}>
            Add to the list
          </Button>
        </DialogFooter>
      </div>
    </Dialog>
  );
}

type FoundProps = { subjects: readonly Subject[]; chosen: ReadonlySet<string>; onToggle: (id: string) => void };

function Found({ subjects, chosen, onToggle }: FoundProps) {
  if (subjects.length === 0)
    return <p className="text-ui text-text-soft">Nobody matches who is not in the list yet.</p>;
  return (
    <fieldset className="max-h-64 overflow-y-auto rounded-control border border-line px-3 py-1">
      <legend className="sr-only">People, groups and service keys</legend>
      {subjects.slice(0, shownMax).map(({ kind, id, name, detail }) => (
        <Checkbox
          key={id}
          checked={chosen.has(id)}
          onChange={() => onToggle(id)}
          label={kind === "user" ? name : `${name} (${kindWords[kind].toLowerCase()})`}
          help={detail}
        />
      ))}
      {subjects.length > shownMax ? (
        <p className="py-1 text-meta text-text-faint">{subjects.length - shownMax} more; search to find them.</p>
      ) : null}
    </fieldset>
  );
}
