import { FormText } from "#components/ui/form-fields.tsx";

/** A price in its three parts, and when it begins. */
export const PriceFields = () => (
  <>
    <FormText label="Prompt" name="input" inputMode="decimal" help="Euros for a million tokens." />
    <FormText label="Prompt, cached" name="cachedInput" inputMode="decimal" />
    <FormText label="Answer" name="output" inputMode="decimal" />
    <FormText
      label="Training"
      name="training"
      inputMode="decimal"
      hint="optional"
      help="Euros for a million trained tokens. Empty: as before; a model that never had it cannot be tuned."
    />
    <FormText
      label="Least of a training"
      name="trainingMinimum"
      inputMode="decimal"
      hint="optional"
      help="Euros that a job which succeeds costs at least."
    />
    <FormText
      label="Storage a month"
      name="storageMonth"
      inputMode="decimal"
      hint="optional"
      help="Euros for each tuned model."
    />
    <FromField help="Empty: at once. A higher price needs 30 days of notice (T-7-SUB)." />
  </>
);

export const FromField = ({ help }: { help: string }) => (
  <FormText label="From" name="from" type="date" hint="optional" help={help} />
);
