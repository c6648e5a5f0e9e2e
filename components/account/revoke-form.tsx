"use client";

import { useActionState } from "react";
import { messageOf } from "#components/ui/form-result.ts";
import { useStepUp } from "#components/ui/step-up.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Props = {
  label: string;
  /** Which browser, for those who hear the button without its row. */
  about?: string;
  session?: string;
  revoke: Action<void>;
};

/** Signs browsers out at once: signing in again is all it costs to undo. */
export function RevokeForm({ label, about, session, revoke }: Props) {
  const [result, submit] = useActionState(useStepUp(revoke), undefined);
  const message = messageOf(result);
  return (
    <form action={submit} className="inline-flex items-center gap-2">
      {message ? (
        <span role="alert" className="text-meta text-bad">
          {message}
        </span>
      ) : null}
      {session ? <input type="hidden" name="session" value={session} /> : null}
      <SubmitButton emphasis="secondary" size="small">
        {label}
        {about ? <span className="sr-only"> {about}</span> : null}
      </SubmitButton>
    </form>
  );
}
