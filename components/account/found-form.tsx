"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";
import { AgreeBox } from "./agree-box.tsx";
import { TypeField } from "./type-field.tsx";

/** For a person who is signed in and belongs to no organization yet. */
export function FoundForm({ terms, found }: { terms: DocumentTitle; found: Action<never> }) {
  const [result, submit] = useAction(found);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <TextField
        label="Organization"
        name="organization"
        autoComplete="organization"
        maxLength={100}
        required
        autoFocus
        defaultValue={typedOf(result, "organization")}
        help="Your company or team; it can be renamed."
        error={errorOf(result, "organization")}
      />
      <TypeField result={result} />
      <AgreeBox terms={terms} result={result} />
      <SubmitButton size="large" stretch>
        Create organization
      </SubmitButton>
    </form>
  );
}
