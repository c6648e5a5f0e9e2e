"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { EmailField } from "./email-field.tsx";
import { PasswordField } from "./password-field.tsx";

export function SignInForm({ next, signIn }: { next: string; signIn: Action<never> }) {
  const [result, submit] = useAction(signIn);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="next" value={next} />
      <EmailField defaultValue={typedOf(result, "email")} error={errorOf(result, "email")} autoFocus />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="current-password"
        error={errorOf(result, "password")}
      />
      <SubmitButton size="large" stretch>
        Sign in
      </SubmitButton>
      <p className="text-center text-ui">
        <TextLink href="/forgot-password">Forgot your password?</TextLink>
      </p>
    </form>
  );
}
