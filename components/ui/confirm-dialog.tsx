"use client";

import { type ReactNode, useActionState, useState } from "react";
import type { Action } from "#lib/core/action-result.ts";
import { Button } from "./button.tsx";
import type { ButtonLook } from "./button-look.ts";
import { Dialog } from "./dialog.tsx";
import { DialogFooter } from "./dialog-footer.tsx";
import { FormMessage } from "./form-message.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { reachable } from "./use-action.ts";
import { useErrorFocus } from "./use-error-focus.ts";

type Props<T> = {
  /** The button that opens it. */
  trigger: string;
  triggerLook?: ButtonLook;
  title: string;
  /** What will happen, in numbers; hidden fields and inputs of the form as well. */
  children: ReactNode;
  /** Verb and noun again: "Revoke key". */
  confirm: string;
  tone?: "normal" | "bad";
  action: Action<T>;
};

/** Asks before something that cannot be undone. The focus starts on Cancel. */
export function ConfirmDialog<T>({ trigger, triggerLook, title, children, confirm, tone = "bad", action }: Props<T>) {
  const [open, setOpen] = useState(false);
  const [result, submit] = useActionState(
    async (previous: Awaited<ReturnType<typeof action>> | undefined, form: FormData) => {
      const next = await reachable(action)(previous, form);
      if (next.ok) setOpen(false);
      return next;
    },
    undefined,
  );
  const form = useErrorFocus(result);
  return (
    <>
      <Button {...triggerLook} onClick={() => setOpen(true)}>
        {trigger}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={title}>
        <form ref={form} action={submit} className="flex flex-col gap-4">
          <FormMessage result={result} />
          {children}
          <DialogFooter>
            <Button data-first-focus onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <SubmitButton tone={tone}>{confirm}</SubmitButton>
          </DialogFooter>
        </form>
      </Dialog>
    </>
  );
}
