import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";

type Props = { organizationId: string; vatId: string; record: Action<void> };

/** What staff found out about a VAT number where the register gives no answer by itself. */
export const RecordVatCheck = ({ organizationId, vatId, record }: Props) => (
  <FormDialog
    trigger="Record a check…"
    triggerLook={{ size: "small" }}
    title={`Record a check of ${vatId}`}
    description="Documents from now on go by it: a valid number of another country of the Union shifts the VAT to the customer."
    submit="Record check"
    hidden={{ organizationId }}
    action={record}
  >
    <FormSelect
      label="The register says"
      name="answer"
      options={[
        { value: "valid", label: "Valid" },
        { value: "invalid", label: "Not valid" },
      ]}
    />
    <FormText
      label="Proof"
      name="reference"
      maxLength={200}
      autoComplete="off"
      help="Such as the consultation number of VIES."
    />
  </FormDialog>
);
