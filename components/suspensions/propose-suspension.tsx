import { SeenCustomer } from "#components/staff/seen-customer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

type Props<T> = { customers: readonly { id: string; name: string }[]; propose: Action<T> };

/** The first of two signatures under a suspension, or the only one where it cannot wait. */
export const ProposeSuspension = <T,>({ customers, propose }: Props<T>) => (
  <FormDialog
    trigger="Propose a suspension…"
    triggerLook={{ tone: "bad" }}
    title="Propose a suspension"
    description="Once in force, the customer’s keys are refused in under a second and the console only reads."
    submit="Propose suspension"
    size="wide"
    action={propose}
  >
    <SeenCustomer customers={customers} />
    <FormSelect
      label="Reason"
      name="reason"
      options={Object.entries(reasonTitles).map(([value, label]) => ({ value, label }))}
    />
    <FormText label="Clause" name="clause" defaultValue="T-4.1-USE" help="The clause of the terms that was broken." />
    <FormTextarea label="What happened" name="words" rows={4} help="The customer reads this." />
    <FormText label="Requests" name="requestIds" hint="optional" help="Their ids, separated by commas." />
    <FormText
      label="Why it cannot wait"
      name="imminent"
      hint="only for imminent harm"
      help="With this it is in force at once, without a second person."
    />
  </FormDialog>
);
