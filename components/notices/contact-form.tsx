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

type Props = { title: string; description: string; name: Action<void>; children: ReactNode };

/** Names another contact; it counts once the letter there is answered. */
export function ContactForm({ title, description, name, children }: Props) {
  const [result, submit, pending] = useAction(name);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate aria-label={title}>
      <Card
        id="contact"
        title={title}
        description={description}
        hint={<span role="status">{result?.ok && !pending ? "We wrote to both addresses." : null}</span>}
        footer={<SubmitButton>Send confirmation letter</SubmitButton>}
      >
        <FormMessage result={result} />
        <div className="mb-4">{children}</div>
        <TextField
          label="New address"
          name="email"
          type="email"
          autoComplete="off"
          maxLength={320}
          placeholder="legal@example.com"
          help="The present contact stays until somebody answers the letter there."
          defaultValue={typedOf(result, "email")}
          error={errorOf(result, "email")}
        />
      </Card>
    </form>
  );
}
