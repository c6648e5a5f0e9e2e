import { SeenCustomer } from "#components/staff/seen-customer.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { classOf, titleOf } from "#lib/domain/retention/classes/rules.ts";
import { groundWords, holdable, mostReviewDays } from "#lib/domain/retention/holds/rules.ts";

type Props<T> = { customers: readonly { id: string; name: string }[]; propose: Action<T> };

/** The first of two signatures under a legal hold. */
export const ProposeHold = <T,>({ customers, propose }: Props<T>) => (
  <FormDialog
    trigger="Propose a hold…"
    title="Propose a legal hold"
    description="Once another person approves it, nothing of what it keeps can be deleted."
    submit="Propose hold"
    size="wide"
    action={propose}
  >
    <SeenCustomer customers={customers} />
    <FormText
      label="Workspace"
      name="workspaceId"
      hint="optional"
      help="Its id. Leave empty for the whole organization."
    />
    <FormChoices
      legend="Keeps"
      name="classes"
      choices={holdable.map((value) => ({ value, label: titleOf(value), help: classOf(value).sentence }))}
    />
    <FormSelect
      label="Ground"
      name="ground"
      options={Object.entries(groundWords).map(([value, label]) => ({ value, label }))}
    />
    <FormText label="Reference" name="reference" help="The number of the order or the case." />
    <FormTextarea label="What the customer is told" name="words" rows={3} />
    <FormText label="Review by" name="reviewOn" type="date" help={`Within ${mostReviewDays} days.`} />
    <FormText
      label="Not told until"
      name="gagUntil"
      type="date"
      hint="only where the law forbids it"
      help="The customer is told by itself on that day."
    />
    <FormText label="Document that forbids it" name="gagReference" hint="only where the law forbids it" />
  </FormDialog>
);
