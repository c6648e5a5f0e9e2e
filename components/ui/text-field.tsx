import type { ComponentProps, ReactNode } from "react";
import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

type Props = {
  label: string;
  name: string;
  hint?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
} & Omit<ComponentProps<typeof Input>, "id" | "name">;

/** A line of text with its label, help and error. */
export function TextField({ label, hint, help, error, ...input }: Props) {
  return (
    <Field label={label} hint={hint} help={help} error={error}>
      {(control) => <Input {...input} {...control} />}
    </Field>
  );
}
