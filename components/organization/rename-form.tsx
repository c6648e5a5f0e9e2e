"use client";

import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = {
  title: string;
  description: string;
  label: string;
  name: string;
  save: Action<void>;
  /** Which thing is renamed, where the page is not enough to know. */
  hidden?: Readonly<Record<string, string>>;
  children?: ReactNode;
};

/** The name of something that has others beside it, changed in place. */
export function RenameForm({ title, description, label, name, save, hidden = {}, children }: Props) {
  const [result, submit, pending] = useAction(save);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate aria-label={title}>
      <Card
        title={title}
        description={description}
        hint={<span role="status">{result?.ok && !pending ? "Saved." : null}</span>}
        footer={<SubmitButton>Save name</SubmitButton>}
      >
        <FormMessage result={result} />
        {Object.entries(hidden).map(([key, value]) => (
          <input key={key} type="hidden" name={key} value={value} />
        ))}
        <TextField
          label={label}
          name="name"
          autoComplete="off"
          maxLength={100}
          required
          defaultValue={typedOf(result, "name", name)}
          error={errorOf(result, "name")}
        />
        {children}
      </Card>
    </form>
  );
}
