"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";

export function AddDomain({ add }: { add: Action<void> }) {
  const [result, submit] = useAction(add);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate aria-label="Add a domain" className="flex flex-col gap-2">
      <FormMessage result={result} />
      <div className="flex flex-wrap items-end gap-x-2">
        <div className="min-w-52 grow">
          <TextField
            label="Domain"
            name="domain"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={253}
            required
            placeholder="example.com"
            defaultValue={typedOf(result, "domain")}
            error={errorOf(result, "domain")}
          />
        </div>
        {/* As high as the line under the field. */}
        <div className="mb-5.5">
          <SubmitButton emphasis="secondary">Add domain</SubmitButton>
        </div>
      </div>
    </form>
  );
}
