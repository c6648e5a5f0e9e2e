"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { Joinable } from "#lib/domain/domains/view.ts";

type Props = Joinable & { join: Action<never> };

/** Offers an organization to a person whose address lets them in. */
export function JoinForm({ organizationId, name, domain, join }: Props) {
  const [result, submit] = useAction(join);
  return (
    <form action={submit} aria-label={`Join ${name}`} className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="organization" value={organizationId} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 text-ui">
          <span className="block font-medium">{name}</span>
          <span className="block text-text-soft">Everybody with an address at {domain} may join.</span>
        </p>
        <SubmitButton>
          Join<span className="sr-only"> {name}</span>
        </SubmitButton>
      </div>
    </form>
  );
}
