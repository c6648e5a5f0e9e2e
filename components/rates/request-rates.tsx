"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { modelOptions } from "./model-options.ts";
import { RateFields } from "./rate-fields.tsx";

type Props = { models: readonly string[]; request: Action<void> };

/** T-4.2.1-RL: asks the provider for more. */
export function RequestRates(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Request higher limits</Button>
      {isOpen ? <RequestDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function RequestDialog({ models, request, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await request(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title="Request higher limits"
      description="A person reads it and answers by letter. Say what you need, not more: it is granted sooner."
    >
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <SelectField label="Model" name="model" options={modelOptions(models)} error={errorOf(result, "model")} />
        <RateFields result={result} empty="Empty: as it is." />
        <TextareaField
          label="Use case"
          name="useCase"
          rows={4}
          help="What you build, how many people use it, and when it is busiest."
          error={errorOf(result, "useCase")}
        />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Send request</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
