"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { token: string; label: string; send: Action<never> };

/** A button, not the link itself: mail scanners follow links and would use this one up. */
export function TokenForm({ token, label, send }: Props) {
  const [result, submit] = useAction(send);
  return (
    <form action={submit} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      <SubmitButton size="large" stretch>
        {label}
      </SubmitButton>
    </form>
  );
}
