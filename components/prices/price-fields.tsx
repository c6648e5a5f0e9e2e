import { FormText } from "#components/ui/form-fields.tsx";

/** A price in its three parts, and when it begins. */
export const PriceFields = () => (
  <>
    <FormText label="Prompt" name="input" inputMode="decimal" help="Euros for a million tokens." />
    <FormText label="Prompt, cached" name="cachedInput" inputMode="decimal" />
    <FormText label="Answer" name="output" inputMode="decimal" />
    <FromField help="Empty: at once. A higher price needs 30 days of notice (T-7-SUB)." />
  </>
);

export const FromField = ({ help }: { help: string }) => (
  <FormText label="From" name="from" type="date" hint="optional" help={help} />
);
