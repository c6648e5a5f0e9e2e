"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import type { Action } from "#lib/core/action-result.ts";
import { Button } from "./button.tsx";
import type { ButtonLook } from "./button-look.ts";
import { Dialog } from "./dialog.tsx";
import { DialogFooter } from "./dialog-footer.tsx";
import { FormHidden, ResultContext } from "./form-fields.tsx";
import { FormMessage } from "./form-message.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { useFormAction } from "./use-form-action.ts";

type Props<T> = {
  /** The button that opens it. */
  trigger: string;
  triggerLook?: ButtonLook;
  /** Tells one row's trigger from another's: "Change roles of Ada Lovelace". */
  triggerLabel?: string;
  /** The one thing a page makes: `c` and `?create=1` open it. */
  creates?: boolean;
  title: string;
  description?: ReactNode;
  /** The form's fields, with `form-fields.tsx` where they can be refused. */
  children: ReactNode;
  submit: string;
  hint?: ReactNode;
  size?: "normal" | "wide";
  hidden?: Readonly<Record<string, string>>;
  action: Action<T>;
};

/** A form that a button opens over the page; closes once it is saved. */
export function FormDialog<T>({ trigger, triggerLook, triggerLabel, creates = false, ...rest }: Props<T>) {
  const [isOpen, setOpen] = useState(false);
  const isAsked = useSearchParams().get("create") === "1" && creates;
  const open = () => (creates ? window.history.pushState(null, "", "?create=1") : setOpen(true));
  const close = () => {
    setOpen(false);
    if (creates) window.history.replaceState(null, "", window.location.pathname);
  };
  return (
    <>
      <Button
        {...(creates && { emphasis: "primary", "data-shortcut": "create", "aria-keyshortcuts": "c" })}
        {...triggerLook}
        aria-label={triggerLabel}
        onClick={open}
      >
        {creates ? <Plus aria-hidden="true" className="-ml-0.5 size-4" /> : null}
        {trigger}
      </Button>
      {isOpen || isAsked ? <OpenForm {...rest} tone={triggerLook?.tone} onClose={close} /> : null}
    </>
  );
}

type OpenProps<T> = Omit<Props<T>, "trigger" | "triggerLook" | "triggerLabel" | "creates"> & {
  /** What the button that opened it warns of, the one that does it warns of too. */
  tone: ButtonLook["tone"];
  onClose: () => void;
};

function OpenForm<T>({
  title,
  description,
  children,
  submit,
  hint,
  size,
  hidden = {},
  action,
  tone,
  onClose,
}: OpenProps<T>) {
  const { result, pending, form } = useFormAction<T>(async (previous, sent) => {
    const next = await action(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  return (
    <Dialog open onClose={onClose} title={title} description={description} {...(size && { size })}>
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <FormHidden values={hidden} />
        <ResultContext value={result}>{children}</ResultContext>
        <DialogFooter hint={hint}>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton {...(tone && { tone })} pending={pending}>
            {submit}
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
