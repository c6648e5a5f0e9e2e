"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { CodeField } from "./code-field.tsx";

/** The second factor as something to type: six digits of an app, or a recovery code. */
export function CodeForm({ kind, send }: { kind: "app" | "recovery"; send: Action<never> }) {
  const [result, submit] = useAction(send);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <CodeField kind={kind} error={errorOf(result, "code")} autoFocus />
      <SubmitButton size="large" stretch>
        Sign in
      </SubmitButton>
    </form>
  );
}
