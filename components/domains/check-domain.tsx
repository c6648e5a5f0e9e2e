"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";

/** Looks for the proof of a domain now. */
export function CheckDomain({ id, name, check }: { id: string; name: string; check: Action<void> }) {
  const [result, submit] = useAction(check);
  return (
    <form action={submit} className="flex flex-col items-start gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="id" value={id} />
      <SubmitButton emphasis="secondary">
        Look for the record<span className="sr-only"> of {name}</span>
      </SubmitButton>
    </form>
  );
}
