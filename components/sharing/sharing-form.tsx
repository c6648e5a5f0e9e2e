"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { AgentVisibility } from "#lib/domain/agents/view.ts";
import type { Reach } from "#lib/domain/sharing/view.ts";
import { type SharedWith, type Subject, sentGrants } from "#lib/domain/sharing/view.ts";
import { AddSubjects } from "./add-subjects.tsx";
import { GrantList } from "./grant-list.tsx";
import { ReviewDialog } from "./review-dialog.tsx";

/** What is shared: its id goes to the server in a field of this name. */
export type SharedThing = { field: "agent" | "model"; id: string; name: string };

type Props = {
  thing: SharedThing;
  placeName: string;
  visibility: AgentVisibility;
  grants: readonly SharedWith[];
  /** Everyone it can be shared with, but for its owner. */
  subjects: readonly Subject[];
  /** The owner's line, above those who are named. */
  owner: ReactNode;
  preview: Action<Reach>;
  save: Action<void>;
};

/** Who may do what with a thing, changed as a whole: first what else becomes reachable is shown, then it is saved. */
export function SharingForm({ thing, placeName, owner, subjects, preview, save, ...saved }: Props) {
  const [visibility, setVisibility] = useState(saved.visibility);
  const [grants, setGrants] = useState(saved.grants);
  const [isAdding, setAdding] = useState(false);
  const [dismissed, setDismissed] = useState<unknown>();
  const { result, pending, form } = useFormAction(preview);
  const sent = sentGrants(grants);
  const isChanged = visibility !== saved.visibility || sent !== sentGrants(saved.grants);
  const others = subjects.filter(({ id }) => grants.every((grant) => grant.id !== id));
  const add = (added: SharedWith[]) => setGrants([...grants, ...added]);
  const change = (id: string, change: Partial<SharedWith>) =>
    setGrants(grants.map((grant) => (grant.id === id ? { ...grant, ...change } : grant)));
  const remove = (id: string) => setGrants(grants.filter((grant) => grant.id !== id));
  return (
    <>
      <form {...form} noValidate aria-label="Sharing">
        <input type="hidden" name={thing.field} value={thing.id} />
        <input type="hidden" name="grants" value={sent} />
        <Card
          title="Who may use it"
          hint={<span role="status">{isChanged ? "Not saved yet." : null}</span>}
          footer={<SubmitButton pending={pending}>Review and save…</SubmitButton>}
        >
          <div className="flex flex-col gap-4">
            <FormMessage result={result} />
            <Everyone placeName={placeName} visibility={visibility} onChange={setVisibility} />
            <GrantList visibility={visibility} grants={grants} owner={owner} onChange={change} onRemove={remove} />
            <div>
              <Button size="small" onClick={() => setAdding(true)}>
                Add people, groups or keys…
              </Button>
            </div>
          </div>
        </Card>
      </form>
      {isAdding ? (
        <AddSubjects name={thing.name} subjects={others} onAdd={add} onClose={() => setAdding(false)} />
      ) : null}
      {result?.ok && result !== dismissed ? (
        <ReviewDialog
          thing={thing}
          placeName={placeName}
          visibility={visibility}
          grants={sent}
          reach={result.data}
          save={save}
          onClose={() => setDismissed(result)}
        />
      ) : null}
    </>
  );
}

type EveryoneProps = {
  placeName: string;
  visibility: AgentVisibility;
  onChange: (visibility: AgentVisibility) => void;
};

function Everyone({ placeName, visibility, onChange }: EveryoneProps) {
  const choices = [
    {
      value: "workspace",
      label: `Everyone in ${placeName}`,
      help: "People and service keys of the workspace can use it. Those named below can do what stands beside them.",
    },
    {
      value: "restricted",
      label: "Only those named",
      help: "For everybody else it is not there: not in lists, mentions or the API. Admins still see it.",
    },
  ] as const;
  return (
    <fieldset>
      <legend className="sr-only">Who may use it</legend>
      {choices.map(({ value, label, help }) => (
        <Checkbox
          key={value}
          kind="radio"
          name="visibility"
          value={value}
          checked={visibility === value}
          onChange={() => onChange(value)}
          label={label}
          help={help}
        />
      ))}
    </fieldset>
  );
}
