"use client";

import { AgreeBox } from "#components/account/agree-box.tsx";
import { PasswordField } from "#components/account/password-field.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";

type Props = { token: string; email: string; terms: DocumentTitle; join: Action<never> };

/** For a person invited who has no account yet; the letter has shown that the address is theirs. */
export function JoinForm({ token, email, terms, join }: Props) {
  const [result, submit] = useAction(join);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      <TextField
        label="Your name"
        name="name"
        autoComplete="name"
        maxLength={100}
        required
        autoFocus
        defaultValue={typedOf(result, "name")}
        error={errorOf(result, "name")}
      />
      <TextField label="E-mail" name="email" type="email" autoComplete="username" readOnly value={email} />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        help="At least 10 characters. Four unrelated words are good."
        error={errorOf(result, "password")}
      />
      <AgreeBox terms={terms} result={result} />
      <SubmitButton size="large" stretch>
        Open account and join
      </SubmitButton>
    </form>
  );
}
