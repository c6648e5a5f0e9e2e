import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { classOf, purgedClasses, titleOf } from "#lib/domain/retention/classes/rules.ts";
import type { DeskDeletion } from "#lib/domain/retention/deletions/view.ts";

/** What of a customer goes, on their written request. */
export const CarryOut = ({ deletion, carryOut }: { deletion: DeskDeletion; carryOut: Action<void> }) => (
  <FormDialog
    trigger="Carry out…"
    triggerLook={{ size: "small", tone: "bad" }}
    title={`Delete data of ${deletion.organizationName}`}
    description="It is counted, deleted and counted again. The customer gets the signed receipt. Nothing of it can be taken back."
    submit="Delete data"
    hidden={{ organizationId: deletion.organizationId, id: deletion.id }}
    action={carryOut}
  >
    <FormChoices
      legend="What goes, all of it"
      name="classes"
      choices={purgedClasses.map((name) => ({ value: name, label: titleOf(name), help: classOf(name).sentence }))}
    />
  </FormDialog>
);
