import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormHidden, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { mostReviewDays } from "#lib/domain/retention/holds/rules.ts";
import type { DeskHold } from "#lib/domain/retention/holds/view.ts";

type Acts = Readonly<Record<"approve" | "drop" | "extend" | "end", Action<void>>>;
type Props = { hold: DeskHold; person: string; actions: Acts };

const hiddenOf = ({ organizationId, id }: DeskHold) => ({ organizationId, id });

/** What a person of the staff can do about a hold as it is. */
export function HoldActs({ hold, person, actions }: Props) {
  if (hold.state === "active") return <InForce hold={hold} actions={actions} />;
  return (
    <span className="inline-flex gap-2">
      <ConfirmDialog
        trigger="Drop"
        triggerLook={{ size: "small" }}
        title={`Drop the hold on ${hold.organizationName}`}
        confirm="Drop hold"
        tone="normal"
        action={actions.drop}
      >
        <FormHidden values={hiddenOf(hold)} />
        <p className="text-ui">Nothing is kept, and the customer hears nothing of it.</p>
      </ConfirmDialog>
      {hold.proposedBy === person ? null : (
        <ConfirmDialog
          trigger="Approve…"
          triggerLook={{ size: "small", emphasis: "primary" }}
          title={`Keep data of ${hold.organizationName}`}
          confirm="Approve hold"
          tone="normal"
          action={actions.approve}
        >
          <FormHidden values={hiddenOf(hold)} />
          <p className="text-ui">{hold.words}</p>
          <p className="text-ui">
            {hold.gagUntil
              ? `The customer is not told before ${hold.gagUntil.toISOString().slice(0, 10)} (${hold.gagReference}).`
              : "The customer gets a letter, and sees it under Privacy."}
          </p>
        </ConfirmDialog>
      )}
    </span>
  );
}

const InForce = ({ hold, actions }: { hold: DeskHold; actions: Acts }) => (
  <span className="inline-flex gap-2">
    <FormDialog
      trigger="Still needed…"
      triggerLook={{ size: "small" }}
      title={`The hold on ${hold.organizationName} is still needed`}
      submit="Set review"
      hidden={hiddenOf(hold)}
      action={actions.extend}
    >
      <FormText label="Review by" name="reviewOn" type="date" help={`Within ${mostReviewDays} days.`} />
    </FormDialog>
    <ConfirmDialog
      trigger="End…"
      triggerLook={{ size: "small" }}
      title={`End the hold on ${hold.organizationName}`}
      confirm="End hold"
      action={actions.end}
    >
      <FormHidden values={hiddenOf(hold)} />
      <p className="text-ui">
        Its {hold.packs} copies are destroyed, deletions that waited for it are carried out, and the customer is told.
      </p>
    </ConfirmDialog>
  </span>
);
