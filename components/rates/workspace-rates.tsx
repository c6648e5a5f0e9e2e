"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { errorOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { WorkspaceRates } from "#lib/domain/rates/view.ts";
import { modelOptions } from "./model-options.ts";
import { RateFields } from "./rate-fields.tsx";

type Props = { models: readonly string[]; own: readonly WorkspaceRates[]; save: Action<void> };

/** Sets limits that are tighter than the organization's, for this workspace alone. */
export function SetWorkspaceRates(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{props.own.length > 0 ? "Change limits" : "Set limits"}</Button>
      {isOpen ? <WorkspaceDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function WorkspaceDialog({ models, own, save, onClose }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await save(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  const [model, setModel] = useState(own[0]?.model ?? "");
  const set = own.find((limits) => (limits.model ?? "") === model);
  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title="Limits of this workspace"
      description="Tighter than the organization's, so that one workspace cannot use up what others need. In force from the next request on."
    >
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <SelectField
          label="Model"
          name="model"
          options={modelOptions(models)}
          value={model}
          onChange={(event) => setModel(event.target.value)}
          error={errorOf(result, "model")}
        />
        <RateFields key={model} result={result} empty="Empty: the organization's." {...(set && { values: set })} />
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending}>Save limits</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
