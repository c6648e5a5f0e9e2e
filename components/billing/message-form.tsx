"use client";

import { ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import { MessageFiles } from "./message-files.tsx";

/** A customer's next message about a dispute. */
export function MessageForm({ disputeId, write }: { disputeId: string; write: Action<void> }) {
  const [result, submit, pending] = useAction(write);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-2">
      <FormMessage result={result} />
      <input type="hidden" name="disputeId" value={disputeId} />
      <TextareaField
        label="Message"
        name="body"
        rows={3}
        maxLength={4000}
        defaultValue={typedOf(result, "body")}
        error={errorOf(result, "body")}
      />
      <ResultContext value={result}>
        <MessageFiles />
      </ResultContext>
      <div>
        <SubmitButton emphasis="secondary" pending={pending}>
          Send message
        </SubmitButton>
      </div>
    </form>
  );
}
