"use client";

import { Card } from "#components/ui/card.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

/** Another address to sign in with; it counts once the letter there is answered. */
export function EmailForm({ email, ask }: { email: string; ask: Action<void> }) {
  const [result, submit, pending] = useAction(ask);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate>
      <Card
        title="E-mail address"
        description={`You sign in with ${email}. A new address counts once you confirm it by the letter we send there; the present one is told as well.`}
        hint={<span role="status">{result?.ok && !pending ? "We wrote to both addresses." : null}</span>}
        footer={<SubmitButton>Send confirmation letter</SubmitButton>}
      >
        <FormMessage result={result} />
        <TextField
          label="New address"
          name="email"
          type="email"
          autoComplete="email"
          maxLength={254}
          required
          defaultValue={typedOf(result, "email")}
          error={errorOf(result, "email")}
        />
      </Card>
    </form>
  );
}
