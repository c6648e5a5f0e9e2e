"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { DialogFooter } from "#components/ui/dialog-footer.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useFormAction } from "#components/ui/use-form-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { LimitFields, PreviewNotice } from "./limit-fields.tsx";
import type { Facts } from "./limit-preview.ts";
import { useLimitForm } from "./use-limit-form.ts";

type Props = Facts & {
  /** The key's name. */
  name: string;
  keyId: string;
  alertPercents: readonly number[];
  save: Action<void>;
};

/** Changes one of a key's limits from the row it stands in. */
export function LimitDialog(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const { limitPico, period } = props.standing;
  const words = limitPico === null ? "Set" : "Change";
  const kind = period === "month" ? "monthly" : "lifetime";
  return (
    <>
      <Button
        size="small"
        emphasis="quiet"
        aria-label={`${words} the ${kind} limit of ${props.name}`}
        onClick={() => setOpen(true)}
      >
        {words}
      </Button>
      {isOpen ? <LimitDialogForm {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function LimitDialogForm({ name, keyId, alertPercents, save, onClose, ...facts }: Props & { onClose: () => void }) {
  const { result, pending, form } = useFormAction<void>(async (previous, sent) => {
    const next = await save(previous, sent);
    if (next.ok) onClose();
    return next;
  });
  const state = useLimitForm(facts, alertPercents, result);
  const { period } = facts.standing;
  return (
    <Dialog
      open
      onClose={onClose}
      title={period === "month" ? `Monthly limit of ${name}` : `Lifetime limit of ${name}`}
      description="The limits of the workspace and the organization count as well; whichever leaves least stops the key."
    >
      <form {...form} className="flex flex-col gap-3">
        <FormMessage result={result} />
        <input type="hidden" name="id" value={keyId} />
        <input type="hidden" name="period" value={period} />
        <LimitFields {...state.fields} result={result} />
        <PreviewNotice preview={state.preview} />
        <DialogFooter
          hint={
            state.mayEmpty ? (
              <Button emphasis="quiet" onClick={state.empty}>
                Remove limit…
              </Button>
            ) : undefined
          }
        >
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton pending={pending} tone={state.submit.tone}>
            {state.submit.words}
          </SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
