"use client";

import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import { useErrorFocus } from "#components/ui/use-error-focus.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";
import { AgreeBox } from "./agree-box.tsx";

type Props<T> = { workspaceId: string; terms: DocumentTitle; kind?: "terms" | "chat"; agree: Action<T> };

/** For a member who has not agreed to the terms in force, or to those of the chat. */
export function AgreeForm<T>({ workspaceId, terms, kind = "terms", agree }: Props<T>) {
  const [result, submit] = useAction(agree);
  const form = useErrorFocus(result);
  return (
    <form ref={form} action={submit} noValidate className="flex flex-col gap-3">
      <FormMessage result={result} />
      <input type="hidden" name="workspace" value={workspaceId} />
      <AgreeBox terms={terms} kind={kind} result={result} />
      <SubmitButton size="large" stretch>
        Continue
      </SubmitButton>
    </form>
  );
}
