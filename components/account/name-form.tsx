"use client";

import { Card } from "#components/ui/card.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

/** The name others see. */
export function NameForm({ name, save }: { name: string; save: Action<void> }) {
  const [result, submit, pending] = useAction(save);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate>
      <Card
        title="Name"
        description="Members of your organization see it beside what you do."
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={<SubmitButton>Save name</SubmitButton>}
      >
        <FormMessage result={result} />
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          maxLength={100}
          required
          defaultValue={typedOf(result, "name", name)}
          error={errorOf(result, "name")}
        />
      </Card>
    </form>
  );
}
