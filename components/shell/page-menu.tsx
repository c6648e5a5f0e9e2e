"use client";

import { Ellipsis } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormHidden, ResultContext } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { MenuButton } from "#components/ui/menu-entry.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";

/** An entry of the menu that opens a form: what it will do, and its fields. */
export type MenuDialog = {
  /** What the entry says. */
  label: string;
  title: string;
  /** Fields and sentences, with `form-fields.tsx` where they can be refused. */
  body: ReactNode;
  submit: string;
  tone?: "normal" | "bad";
  hidden?: Readonly<Record<string, string>>;
  action: Action<void>;
};

type Props = {
  label: string;
  /** Links, before the dialogs. */
  children?: ReactNode;
  dialogs: readonly MenuDialog[];
};

/** The "…" of a page: links, and things to do that ask first. */
export function PageMenu({ label, children, dialogs }: Props) {
  const [open, setOpen] = useState<string>();
  const asked = dialogs.find((dialog) => dialog.label === open);
  return (
    <>
      <Menu label={label} align="right" trigger={<Ellipsis aria-hidden="true" />}>
        {children}
        {dialogs.map(({ label, tone }) => (
          <MenuButton key={label} {...(tone && { tone })} onClick={() => setOpen(label)}>
            {label}
          </MenuButton>
        ))}
      </Menu>
      {asked ? <OpenDialog {...asked} onClose={() => setOpen(undefined)} /> : null}
    </>
  );
}

function OpenDialog({
  title,
  body,
  submit,
  tone = "normal",
  hidden = {},
  action,
  onClose,
}: MenuDialog & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await action(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  return (
    <Dialog open onClose={onClose} title={title}>
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <FormHidden values={hidden} />
        <ResultContext value={result}>{body}</ResultContext>
        <DialogFooter>
          <Button {...(tone === "bad" && { "data-first-focus": true })} onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton tone={tone} pending={pending}>
            {submit}
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
