"use client";

import { Card } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { workspace: string; name: string; visibility: "workspace" | "restricted"; save: Action<void> };

/** Who agents of a workspace are shared with when they are made. */
export function DefaultSharing({ workspace, name, visibility, save }: Props) {
  const [result, submit, pending] = useAction(save);
  const choices = [
    { value: "workspace", label: `Everyone in ${name}`, help: "The default of the terms." },
    { value: "restricted", label: "Only their owner, until shared", help: "Admins still see them." },
  ] as const;
  return (
    <form action={submit} aria-label="New agents">
      <Card
        title="New agents are shared with"
        description="Agents that are there already stay as they are."
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={<SubmitButton>Save sharing</SubmitButton>}
      >
        <FormMessage result={result} />
        <input type="hidden" name="workspace" value={workspace} />
        <fieldset key={visibility}>
          <legend className="sr-only">New agents are shared with</legend>
          {choices.map(({ value, label, help }) => (
            <Checkbox
              key={value}
              kind="radio"
              name="visibility"
              value={value}
              defaultChecked={visibility === value}
              label={label}
              help={help}
            />
          ))}
        </fieldset>
      </Card>
    </form>
  );
}
