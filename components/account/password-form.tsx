"use client";

import { Card } from "#components/ui/card.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { PasswordField } from "./password-field.tsx";

/** Asks for the old password too: an unlocked computer is not enough to take an account over. */
export function PasswordForm({ email, save }: { email: string; save: Action<void> }) {
  const [result, submit, pending] = useAction(save);
  const form = useErrorFocus(result);
  const hint = result?.ok && !pending ? "Your new password is set." : "Signs out every other browser.";
  return (
    <form ref={form} action={submit} noValidate>
      <Card
        title="Password"
        description="At least 10 characters. Four unrelated words are good."
        hint={<span role="status">{hint}</span>}
        footer={<SubmitButton>Change password</SubmitButton>}
      >
        <FormMessage result={result} />
        {/* Tells password managers whose password this is. */}
        <input type="text" name="username" autoComplete="username" defaultValue={email} hidden readOnly />
        <PasswordField
          label="Current password"
          name="current"
          autoComplete="current-password"
          error={errorOf(result, "current")}
        />
        <PasswordField
          label="New password"
          name="password"
          autoComplete="new-password"
          error={errorOf(result, "password")}
        />
      </Card>
    </form>
  );
}
