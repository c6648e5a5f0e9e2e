"use client";

import { KeyRound } from "lucide-react";
import { useActionState } from "react";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { reachable } from "#components/ui/use-action.ts";
import type { Action, ActionResult } from "#lib/core/action-result.ts";
import { type AskPasskey, sendPasskey } from "./passkey.ts";

type Props = {
  label: string;
  next?: string;
  emphasis?: "primary" | "secondary";
  ask: AskPasskey;
  send: Action<never>;
};

/** Signs in by a passkey, in the dialog of the browser. */
export function PasskeyButton({ label, next, emphasis = "secondary", ask, send }: Props) {
  const [result, submit] = useActionState(
    reachable((_previous: ActionResult<never> | undefined, form: FormData) => sendPasskey(ask, send, form)),
    undefined,
  );
  return (
    <form action={submit} className="flex flex-col gap-3">
      <FormMessage result={result} />
      {next ? <input type="hidden" name="next" value={next} /> : null}
      <SubmitButton emphasis={emphasis} size="large" stretch>
        <KeyRound aria-hidden="true" className="size-4" />
        {label}
      </SubmitButton>
    </form>
  );
}
