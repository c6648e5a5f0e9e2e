"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { reachable } from "#components/ui/use-action.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { CodesOnce } from "./codes-once.tsx";
import { makePasskey, type StartPasskey } from "./passkey.ts";

type Added = { codes: string[] | null };
type Props = { start: StartPasskey; add: Action<Added>; suggestedName: string };

/** Adds a passkey: this device, a telephone or a security key, whichever the browser offers. */
export function AddPasskey(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button emphasis="secondary" onClick={() => setOpen(true)}>
        Add a passkey
      </Button>
      {isOpen ? <PasskeyDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function PasskeyDialog({ start, add, suggestedName, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<Added>(async (_previous, sent) => {
    const next = await makePasskey(reachable(start), add, sent);
    if (next.ok && !next.data.codes) onClose();
    return next;
  });
  if (result?.ok) return result.data.codes ? <CodesOnce codes={result.data.codes} onClose={onClose} /> : null;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a passkey"
      description="Your browser asks for your fingerprint, your face or a PIN. With a passkey you can sign in without a password."
    >
      <form {...form} noValidate className="flex flex-col gap-3">
        <FormMessage result={result} />
        <TextField
          label="Name"
          name="name"
          maxLength={60}
          required
          defaultValue={typedOf(result, "name", suggestedName)}
          help="To tell it from others."
          error={errorOf(result, "name")}
        />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Continue in the browser</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
