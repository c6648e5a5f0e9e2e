"use client";

import { Checkbox } from "#components/ui/checkbox.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { type Joining, type JoinRole, joinings, joinRoles } from "#lib/domain/domains/rules.ts";
import { joiningWords, joinRoleWords } from "./joining-words.ts";

type Props = { id: string; joining: Joining; role: JoinRole; provider: string | null; save: Action<void> };

/** Who joins through a domain, and as what. */
export function JoiningForm({ id, joining, role, provider, save }: Props) {
  const [result, submit, pending] = useAction(save);
  const words = joiningWords(provider);
  const chosen = typedOf(result, "joining", joining);
  return (
    <form action={submit} className="flex flex-col gap-2">
      <FormMessage result={result} />
      <input type="hidden" name="id" value={id} />
      <fieldset>
        <legend className="sr-only">Who may join</legend>
        {joinings.map((one) => (
          <Checkbox
            key={`${one}-${chosen}`}
            kind="radio"
            name="joining"
            value={one}
            defaultChecked={one === chosen}
            {...words[one]}
          />
        ))}
      </fieldset>
      <SelectField
        key={role}
        label="What they are in the default workspace"
        name="role"
        defaultValue={typedOf(result, "role", role)}
        options={joinRoles.map((value) => ({ value, label: joinRoleWords[value] }))}
      />
      <div className="flex items-center justify-end gap-3">
        <span role="status" className="text-ui text-text-soft">
          {result?.ok && !pending ? "Saved." : null}
        </span>
        <SubmitButton emphasis="secondary">Save joining</SubmitButton>
      </div>
    </form>
  );
}
