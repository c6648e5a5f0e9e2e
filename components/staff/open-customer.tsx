import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { lookReasons } from "#lib/domain/staff/access/rules.ts";

type Props = { customers: readonly { id: string; name: string }[]; open: Action<void> };

/** For desks where something of a customer comes from nowhere: any customer can be searched for, and looked at. */
export const OpenCustomer = ({ customers, open }: Props) => (
  <FormDialog trigger="Open a customer…" title="Why do you look at this customer?" submit="Look" action={open}>
    <FormSelect
      label="Customer"
      name="organizationId"
      options={[
        { value: "", label: "Choose a customer" },
        ...customers.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      source="/staff/customers/choices"
      defaultValue=""
      help="By name or organization id."
    />
    <FormSelect
      label="Reason"
      name="reason"
      options={Object.entries(lookReasons).map(([value, label]) => ({ value, label }))}
    />
    <FormText
      label="What you look for"
      name="words"
      help="The customer reads this in their audit log, with your name."
    />
  </FormDialog>
);
