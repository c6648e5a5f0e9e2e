import { SeenCustomer } from "#components/staff/seen-customer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Props<T> = { customers: readonly { id: string; name: string }[]; propose: Action<T> };

/** The first of two signatures under an end for cause. */
export const ProposeEnd = <T,>({ customers, propose }: Props<T>) => (
  <FormDialog
    trigger="Propose an end…"
    triggerLook={{ tone: "bad" }}
    title="Propose to end an agreement for cause"
    description="Another person has to confirm it. What ended for cause is not withdrawn by the customer."
    submit="Propose end"
    size="wide"
    action={propose}
  >
    <SeenCustomer customers={customers} />
    <FormSelect
      label="Who ends it"
      name="side"
      options={[
        { value: "provider", label: "We do, for a cause the customer gave" },
        { value: "customer", label: "The customer does, for a cause we gave" },
      ]}
    />
    <FormTextarea label="Why" name="words" rows={4} help="The customer reads this." />
    <FormText
      label="Ends at"
      name="endsAt"
      hint="optional"
      help="UTC, as 2027-01-31T00:00. Empty: with the confirmation."
    />
  </FormDialog>
);

/** The first of two signatures under a new agreement after an end for cause. */
export const ProposeReturn = <T,>({ customers, propose }: Props<T>) => (
  <FormDialog
    trigger="Propose a return…"
    triggerLook={{}}
    title="Let a customer begin anew after an end for cause"
    description="Another person has to confirm it."
    submit="Propose return"
    action={propose}
  >
    <SeenCustomer customers={customers} />
    <FormTextarea label="Why" name="words" rows={3} help="Colleagues read this." />
  </FormDialog>
);
