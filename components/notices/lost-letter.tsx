import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextareaField } from "#components/ui/textarea-field.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Props = { id: string; resend: Action<void>; settle: Action<void> };

/** What can be done about a letter that did not arrive. */
export function LostLetter({ id, resend, settle }: Props) {
  return (
    <Notice
      tone="bad"
      title="This letter did not arrive"
      action={
        <span className="flex flex-wrap gap-2">
          <ConfirmDialog
            trigger="Settle…"
            triggerLook={{ size: "small" }}
            title="Settle without sending"
            confirm="Settle letter"
            tone="normal"
            action={settle}
          >
            <input type="hidden" name="id" value={id} />
            <TextareaField
              label="What was done instead"
              name="reason"
              rows={3}
              help="The customer reads it in their audit log."
            />
          </ConfirmDialog>
          <ConfirmDialog
            trigger="Send again…"
            triggerLook={{ size: "small", emphasis: "primary" }}
            title="Send the letter again"
            confirm="Send letter"
            tone="normal"
            action={resend}
          >
            <input type="hidden" name="id" value={id} />
            <p className="text-ui">
              A letter about an organization goes to its registration contact of today, any other to the same address.
            </p>
          </ConfirmDialog>
        </span>
      }
    >
      It waits for somebody to see to it.
    </Notice>
  );
}
