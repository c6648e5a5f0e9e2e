import { SeenCustomer } from "#components/staff/seen-customer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { mostRequests } from "#lib/domain/abuse/rules.ts";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";

type Props = { customers: readonly { id: string; name: string }[]; begin: Action<void> };

/** Puts what a person reported in Help before staff. */
export const BeginItem = ({ customers, begin }: Props) => (
  <FormDialog
    trigger="New item"
    title="New item from a report"
    description="The customer’s audit log has that a sign was noted, not who reported it."
    submit="Note report"
    action={begin}
  >
    <SeenCustomer customers={customers} />
    <FormText label="Ticket" name="ticket" help="The report’s number, such as T-10482." autoComplete="off" />
    <FormSelect
      label="What for"
      name="category"
      options={Object.entries(reasonTitles).map(([value, label]) => ({ value, label }))}
    />
    <FormText
      label="Requests"
      name="requestIds"
      hint="optional"
      help={`At most ${mostRequests} ids of one workspace, separated by commas.`}
      autoComplete="off"
    />
  </FormDialog>
);
