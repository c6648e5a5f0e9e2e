import { errorOf, typedOf } from "#components/ui/form-result.ts";
import { SelectField } from "#components/ui/select-field.tsx";
import type { ActionResult } from "#lib/core/action-result.ts";

const options = [
  { value: "business", label: "For a business or another organization" },
  { value: "consumer", label: "Privately, as a consumer" },
];

/** Whom the agreement is with, on which parts of it depend (T-2-PREC). */
export const TypeField = ({ result }: { result: ActionResult<unknown> | undefined }) => (
  <SelectField
    label="You use it"
    name="customerType"
    options={options}
    defaultValue={typedOf(result, "customerType") || "business"}
    error={errorOf(result, "customerType")}
  />
);
