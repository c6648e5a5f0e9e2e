"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { instantWords } from "#components/ui/time-words.ts";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { RotatedKey } from "#lib/domain/keys/view.ts";
import { SecretOnce } from "./secret-once.tsx";
import { type Call, callFor } from "./snippets.ts";

type Props = {
  keyId: string;
  keyName: string;
  rotate: Action<RotatedKey>;
  call: Call;
  /** The dialog outlives the offer: once rotated, the new key is still to be copied. */
  isOffered: boolean;
};

const graces = [
  { value: "none", label: "End it now", help: "Calls with the old key fail at once." },
  { value: "hour", label: "One hour", help: "For a deployment that is about to run." },
  { value: "day", label: "24 hours", help: "Time to change it everywhere." },
  { value: "week", label: "7 days", help: "For customers or devices that update slowly." },
] as const;

export function RotateKey(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {props.isOffered ? <Button onClick={() => setOpen(true)}>Rotate key</Button> : null}
      {isOpen ? <RotateDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RotateDialog({ keyId, keyName, rotate, call, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction(rotate);
  if (result?.ok) {
    return (
      <SecretOnce
        title={`New key for ${keyName}`}
        secret={result.data.secret}
        call={callFor(result.data, call)}
        onClose={onClose}
      >
        <Notice tone="warn">The old key ends on {instantWords(result.data.oldEndsAt)}.</Notice>
      </SecretOnce>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rotate ${keyName}`}
      description="A new key with the same rights is made. Until the grace ends, both work."
    >
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={keyId} />
        <fieldset>
          <legend className="mb-1 text-ui font-medium">The old key stays good for</legend>
          {graces.map(({ value, label, help }) => (
            <Checkbox
              key={value}
              kind="radio"
              name="grace"
              value={value}
              label={label}
              help={help}
              defaultChecked={value === "day"}
            />
          ))}
        </fieldset>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Rotate key</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
