"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { PasswordField } from "./password-field.tsx";

export function ResetForm({ token, reset }: { token: string; reset: Action<void> }) {
  const [result, submit] = useAction(reset);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      <PasswordField
        label="New password"
        name="password"
        autoComplete="new-password"
        help="At least 10 characters. Four unrelated words are good."
        error={errorOf(result, "password") ?? errorOf(result, "token")}
      />
      <SubmitButton size="large" stretch>
        Set password
      </SubmitButton>
    </form>
  );
}
