import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { formatCents } from "#lib/core/money.ts";
import type { DisputeDetail } from "#lib/domain/billing/disputes/view.ts";

/** Staff's decision: all of what is disputed, part of it, or nothing, with an answer the customer reads. */
export function DecideDispute({ dispute, decide }: { dispute: DisputeDetail; decide: Action<void> }) {
  const whole = dispute.lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  return (
    <FormDialog
      trigger="Decide…"
      triggerLook={{ emphasis: "primary" }}
      title={`Decide the dispute of ${dispute.number}`}
      description={`${formatCents(whole)} net are disputed. What you give back becomes a credit note; the rest is due again. It is decided once.`}
      submit="Decide dispute"
      hidden={{ organizationId: dispute.organizationId, disputeId: dispute.id }}
      action={decide}
    >
      <FormSelect
        label="Decision"
        name="outcome"
        options={[
          { value: "accepted", label: "Give all of it back" },
          { value: "partly", label: "Give part of it back" },
          { value: "rejected", label: "Give nothing back" },
        ]}
      />
      <FormText
        label="Amount"
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        hint="of a part only"
        help={`Net, in euros, less than ${formatCents(whole)}. VAT is added. It is spread over the disputed lines.`}
      />
      <FormTextarea label="Answer" name="answer" rows={4} maxLength={4000} help="The customer reads this." />
    </FormDialog>
  );
}
