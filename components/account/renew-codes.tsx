"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { CodesOnce } from "./codes-once.tsx";

/** New recovery codes in the place of the ones before. */
export function RenewCodes({ renew }: { renew: Action<string[]> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button emphasis="secondary" onClick={() => setOpen(true)}>
        Make new codes
      </Button>
      {isOpen ? <RenewDialog renew={renew} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RenewDialog({ renew, onClose }: { renew: Action<string[]>; onClose: () => void }) {
  const { result, pending, form } = useFormAction(renew);
  if (result?.ok) return <CodesOnce codes={result.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="Make new recovery codes">
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <p className="text-ui text-text-soft">
          Ten new codes are made. The ones you have now are worth nothing after that.
        </p>
        <DialogFooter>
          <Button data-first-focus onClick={onClose}>
            Cancel
          </Button>
          <SubmitButton pending={pending}>Make new codes</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
