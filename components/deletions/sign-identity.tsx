import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { DeskDeletion } from "#lib/domain/retention/deletions/view.ts";

/** What staff saw of a guest's identity. Two of three, and nothing is deleted before. */
export const SignIdentity = ({ deletion, sign }: { deletion: DeskDeletion; sign: Action<void> }) => (
  <FormDialog
    trigger="Sign identity…"
    triggerLook={{ size: "small" }}
    title={`Who asked for ${deletion.organizationName}`}
    description="A guest asked, without an account. Sign for two of the three; your name and what you saw appear in the customer's audit log."
    submit="Sign identity"
    hidden={{ organizationId: deletion.organizationId, id: deletion.id }}
    action={sign}
  >
    <FormChoices
      legend="Contact address"
      name="contact"
      choices={[{ value: "proven", label: "Proven by the link", help: "It was sent to the registration contact." }]}
    />
    <FormText label="Invoice number" name="invoiceNumber" hint="if named" autoComplete="off" maxLength={200} />
    <FormText
      label="Domain"
      name="domain"
      hint="if proven"
      autoComplete="off"
      maxLength={200}
      help="Whose record they set as you asked."
    />
  </FormDialog>
);
