"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

type Props = { provider: string; next: string; continueWith: Action<never> };

/** The way in through the organization's own identity provider. */
export function ProviderForm({ provider, next, continueWith }: Props) {
  const [result, submit] = useAction(continueWith);
  return (
    <form action={submit} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="next" value={next} />
      <SubmitButton emphasis="secondary" size="large" stretch>
        Continue with {provider}
      </SubmitButton>
      <p className="flex items-center gap-3 text-meta text-text-faint before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
        or
      </p>
    </form>
  );
}
