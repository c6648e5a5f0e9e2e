"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { PasswordField } from "./password-field.tsx";

type Props = {
  token: string;
  asks?: "nothing" | "password" | "new password";
  emphasis?: "primary" | "secondary";
  confirm: Action<never>;
};

/** A button, not the link itself: mail scanners follow links and would use this one up. */
export function ConfirmForm({ token, asks = "nothing", emphasis = "primary", confirm }: Props) {
  const [result, submit] = useAction(confirm);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      {asks === "password" ? (
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          error={errorOf(result, "password")}
        />
      ) : null}
      <SubmitButton emphasis={emphasis} size="large" stretch>
        {asks === "new password" ? "Confirm and choose a password" : "Confirm and sign in"}
      </SubmitButton>
    </form>
  );
}
