import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { CustomerOverview } from "#lib/domain/customers/view.ts";

export const typeTitles = { business: "Business", consumer: "Consumer" } as const;

type Props = { id: string; now: CustomerOverview["customerType"]; correct: Action<void> };

/** Whom the agreement is with, put right by staff. */
export const CorrectType = ({ id, now, correct }: Props) => (
  <FormDialog
    trigger="Correct type…"
    triggerLook={{ size: "small" }}
    title="Correct the customer type"
    description="It decides which documents are part of the contract, at once. The customer is told, with your reason."
    submit="Correct type"
    hidden={{ organizationId: id }}
    action={correct}
  >
    <FormSelect
      label="Customer type"
      name="customerType"
      options={Object.entries(typeTitles).map(([value, label]) => ({ value, label }))}
      defaultValue={now}
    />
    <FormTextarea label="Why" name="reason" rows={3} help="The customer reads this." />
  </FormDialog>
);
