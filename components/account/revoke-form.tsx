"use client";

import { messageOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
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
  const [result, submit] = useAction(revoke);
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
