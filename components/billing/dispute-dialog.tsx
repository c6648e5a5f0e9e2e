import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { formatCents } from "#lib/core/money.ts";
import type { Line } from "#lib/domain/billing/invoices/view.ts";

type Props = {
  invoiceId: string;
  number: string;
  /** Lines that something of can be disputed. */
  lines: readonly Line[];
  dispute: Action<void>;
};

const wants = [
  { value: "adjustment", label: "A corrected amount" },
  { value: "credit", label: "Credit for later invoices" },
];

/** T-5.2-DISP: objects to lines of a document, each with its amount. */
export const DisputeDialog = ({ invoiceId, number, lines, dispute }: Props) => (
  <FormDialog
    trigger="Dispute lines…"
    triggerLook={{ size: "small" }}
    title={`Dispute ${number}`}
    description="What you dispute is not asked for while we look at it. The rest stays due."
    submit="Send dispute"
    size="wide"
    hidden={{ invoiceId }}
    action={dispute}
  >
    <fieldset className="flex flex-col">
      <legend className="mb-1.5 text-ui font-medium">Amount in dispute, before VAT</legend>
      {lines.map((line) => (
        <FormText
          key={line.line}
          label={[line.description, line.detail].filter(Boolean).join(", ")}
          name={`amount-${line.line}`}
          inputMode="decimal"
          adornment="€"
          hint={`of ${formatCents(line.amountCents)}`}
          maxLength={13}
          autoComplete="off"
        />
      ))}
    </fieldset>
    <FormSelect label="What should be done" name="wants" options={wants} />
    <FormTextarea
      label="Reason"
      name="reason"
      rows={4}
      maxLength={4000}
      help="What is wrong, in a sentence or two. Staff answer in this dispute, and by e-mail."
    />
  </FormDialog>
);
