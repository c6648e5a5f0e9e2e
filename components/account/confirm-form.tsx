"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

/** A button, not the link itself: mail scanners follow links and would use this one up. */
export function ConfirmForm({ token, confirm }: { token: string; confirm: Action<never> }) {
  const [result, submit] = useAction(confirm);
  return (
    <form action={submit} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      <SubmitButton size="large" stretch>
        Confirm and sign in
      </SubmitButton>
    </form>
  );
}
