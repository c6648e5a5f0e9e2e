"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { NewKey } from "#lib/domain/keys/view.ts";
import { SecretOnce } from "./secret-once.tsx";
import { type Call, callFor } from "./snippets.ts";

type Props = {
  keyId: string;
  keyName: string;
  report: Action<NewKey | null>;
  /** Only its owner is given a successor, which acts as them. */
  hasSuccessor: boolean;
  call: Call;
  /** The dialog outlives the offer: with the report the key has ended, and its successor is still to be copied. */
  isOffered: boolean;
  /** What will happen, in numbers. */
  children: ReactNode;
};

/** Revokes at once and hands its owner the successor in the same step, so that the service can go on. */
export function ReportKey(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {props.isOffered ? (
        <Button tone="bad" onClick={() => setOpen(true)}>
          Report as leaked
        </Button>
      ) : null}
      {isOpen ? <ReportDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ReportDialog(props: Props & { onClose: () => void }) {
  const { keyId, keyName, report, hasSuccessor, call, children, onClose } = props;
  const { result, pending, form } = useFormAction(report);
  if (result?.ok && !result.data) {
    return (
      <Dialog open onClose={onClose} title={`${keyName} is revoked`}>
        <p className="text-ui text-text-soft">
          The leaked key has ended. Its owner makes a new one; only they may see its secret.
        </p>
        <DialogFooter>
          <Button onClick={onClose}>Close</Button>
        </DialogFooter>
      </Dialog>
    );
  }
  if (result?.ok && result.data) {
    return (
      <SecretOnce
        title={`Successor of ${keyName}`}
        secret={result.data.secret}
        call={callFor(result.data, call)}
        onClose={onClose}
      >
        <p className="text-ui text-text-soft">
          The leaked key is revoked. Close this to look through the calls made with it.
        </p>
      </SecretOnce>
    );
  }
  return (
    <Dialog open onClose={onClose} title={`Report ${keyName} as leaked`}>
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={keyId} />
        {children}
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton tone="bad" pending={pending}>
            {hasSuccessor ? "Revoke and replace key" : "Revoke key"}
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
