"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextField } from "#components/ui/text-field.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { SeenRequest } from "#lib/domain/staff/rates/view.ts";
import { RateFields } from "./rate-fields.tsx";

type Props = { request: SeenRequest; grant: Action<void>; deny: Action<void> };

/** Staff's answer to a request: what is given and until when, or why not. */
export function DecideRequest({ request, grant, deny }: Props) {
  const [open, setOpen] = useState<"grant" | "deny" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <Button size="small" onClick={() => setOpen("deny")}>
        Deny…
      </Button>
      <Button size="small" emphasis="primary" onClick={() => setOpen("grant")}>
        Grant…
      </Button>
      {open === "grant" ? <GrantDialog request={request} action={grant} onClose={close} /> : null}
      {open === "deny" ? <DenyDialog request={request} action={deny} onClose={close} /> : null}
    </>
  );
}

type DialogProps = { request: SeenRequest; action: Action<void>; onClose: () => void };

function GrantDialog({ request, action, onClose }: DialogProps) {
  const { result, pending, form } = useFormAction(action);
  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title={`Grant limits to ${request.organizationName}`}
      description={`For ${request.model ?? "every model"}, in force from the next request on.`}
    >
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={request.id} />
        <RateFields result={result} values={request} empty="Empty: as it is." />
        <TextField
          label="Last day"
          name="expires"
          type="date"
          hint="optional"
          help="The limits hold to the end of this day (UTC)."
          error={errorOf(result, "expires")}
        />
        <ReasonField result={result} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Grant limits</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function DenyDialog({ request, action, onClose }: DialogProps) {
  const { result, pending, form } = useFormAction(action);
  return (
    <Dialog open onClose={onClose} title={`Deny the request of ${request.organizationName}`}>
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={request.id} />
        <ReasonField result={result} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton tone="bad" pending={pending}>
            Deny request
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

const ReasonField = ({ result }: { result: Parameters<typeof errorOf>[0] }) => (
  <TextareaField
    label="Reason"
    name="reason"
    rows={3}
    help="The customer reads this, in the letter and on the Limits page."
    error={errorOf(result, "reason")}
  />
);
