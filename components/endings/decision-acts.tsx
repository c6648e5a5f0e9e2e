import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormHidden } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskDecision } from "#lib/domain/ending/desk/view.ts";

type Props = { decision: DeskDecision; isOwn: boolean; confirm: Action<void>; drop: Action<void> };

/** What a person of the staff can do about a proposal. */
export function DecisionActs({ decision, isOwn, confirm, drop }: Props) {
  const { organizationId, id, organizationName, kind, words } = decision;
  const isEnd = kind === "end";
  return (
    <span className="inline-flex gap-2">
      <ConfirmDialog
        trigger="Drop"
        triggerLook={{ size: "small" }}
        title={`Drop what is proposed about ${organizationName}`}
        confirm="Drop proposal"
        tone="normal"
        action={drop}
      >
        <FormHidden values={{ organizationId, id }} />
        <p className="text-ui">Nothing changes for the customer, and they hear nothing of it.</p>
      </ConfirmDialog>
      {isOwn ? null : (
        <ConfirmDialog
          trigger="Confirm…"
          triggerLook={{ size: "small", ...(isEnd && { tone: "bad" as const }) }}
          title={isEnd ? `End the agreement of ${organizationName}` : `Let ${organizationName} begin anew`}
          confirm={isEnd ? "End agreement" : "Allow it"}
          tone={isEnd ? "bad" : "normal"}
          action={confirm}
        >
          <FormHidden values={{ organizationId, id }} />
          <p className="text-ui">{words}</p>
          <p className="text-ui">
            {isEnd
              ? "From its date on their requests are refused and their keys have ended. They get a letter with these words, and the last invoice."
              : "They get a letter, and can agree to the terms in force. Open bills are paid first."}
          </p>
        </ConfirmDialog>
      )}
    </span>
  );
}
