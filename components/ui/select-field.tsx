import type { ComponentProps, ReactNode } from "react";
import { Field } from "./field.tsx";
import { Select } from "./select.tsx";

type Props = {
  label: string;
  name: string;
  hint?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
} & Omit<ComponentProps<typeof Select>, "id" | "name">;

export function SelectField({ label, hint, help, error, ...select }: Props) {
  return (
    <Field label={label} hint={hint} help={help} error={error}>
      {(control) => <Select {...select} {...control} />}
    </Field>
  );
}
