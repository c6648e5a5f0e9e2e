"use client";

import { FormSelect, FormTextarea, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { guestKinds } from "#lib/domain/guests/rules.ts";
import { kindOf } from "#lib/domain/help/kinds/rules.ts";

type Props = { token: string; open: Action<{ number: string }> };

/** What a guest can ask for. */
export function GuestTicketForm({ token, open }: Props) {
  const [result, submit] = useAction(open);
  const form = useErrorFocus(result);
  if (result?.ok)
    return (
      <p role="status">
        Your request is ticket {result.data.number}. We write to the registration contact, first about who you are.
      </p>
    );
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="token" value={token} />
      <ResultContext value={result}>
        <FormSelect
          label="Request"
          name="kind"
          options={guestKinds.map((kind) => ({ value: kind, label: kindOf(kind).title }))}
          defaultValue={typedOf(result, "kind", guestKinds[0])}
        />
        <FormTextarea
          label="What"
          name="target"
          rows={2}
          maxLength={2000}
          defaultValue={typedOf(result, "target")}
          help="An agent by its name or id; of other data, which and of whom."
        />
        <FormTextarea
          label="Your request"
          name="body"
          rows={4}
          maxLength={20_000}
          defaultValue={typedOf(result, "body")}
        />
      </ResultContext>
      <SubmitButton size="large" stretch>
        Send request
      </SubmitButton>
    </form>
  );
}
