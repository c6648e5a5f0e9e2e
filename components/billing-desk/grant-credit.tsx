import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Props = { organizationId: string; name: string; grant: Action<void> };

/** Staff give a customer credit, with a reason the customer reads. */
export const GrantCredit = ({ organizationId, name, grant }: Props) => (
  <FormDialog
    trigger="Give credit…"
    triggerLook={{ emphasis: "primary" }}
    title={`Give ${name} credit`}
    description="It pays the next documents before a card is charged."
    submit="Give credit"
    hidden={{ organizationId }}
    action={grant}
  >
    <FormSelect
      label="Kind"
      name="kind"
      options={[
        { value: "goodwill", label: "Goodwill" },
        { value: "promo", label: "Promotion" },
        { value: "purchased", label: "Bought ahead: the money came by bank transfer" },
      ]}
    />
    <FormText label="Amount" name="amount" inputMode="decimal" autoComplete="off" help="In euros." />
    <FormText label="Reason" name="reason" maxLength={300} autoComplete="off" help="The customer reads this." />
    <FormText label="Last day" name="expiresOn" type="date" hint="optional" help="Empty: it never expires." />
  </FormDialog>
);
