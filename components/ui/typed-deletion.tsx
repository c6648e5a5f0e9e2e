"use client";

import { type ReactNode, useState } from "react";
import type { Action } from "#lib/core/action-result.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { DialogFooter } from "./dialog-footer.tsx";
import { FormMessage } from "./form-message.tsx";
import { errorOf, typedOf } from "./form-result.ts";
import { SubmitButton } from "./submit-button.tsx";
import { TextField } from "./text-field.tsx";
import { useFormAction } from "./use-form-action.ts";

type Props = {
  /** Verb and noun: "Delete organization". */
  button: string;
  title: string;
  /** What has to be typed: its field, and what it is called. */
  field: { name: string; label: string };
  /** What will go, and what stays. */
  children: ReactNode;
  remove: Action<void>;
};

/** Asks for the name of what is about to go for good, so that it is before one's eyes. */
export function TypedDeletion(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="bad" onClick={() => setOpen(true)}>
        {props.button}
      </Button>
      {isOpen ? <DeletionDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function DeletionDialog({ button, title, field, children, remove, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction(remove);
  return (
    <Dialog open onClose={onClose} title={title}>
      <form {...form} className="flex flex-col gap-4">
        <FormMessage result={result} />
        {children}
        <TextField
          label={field.label}
          name={field.name}
          autoComplete="off"
          required
          defaultValue={typedOf(result, field.name)}
          error={errorOf(result, field.name)}
        />
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton tone="bad" pending={pending}>
            {button}
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
