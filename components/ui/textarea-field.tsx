import type { ComponentProps, ReactNode } from "react";
import { Field } from "./field.tsx";
import { Textarea } from "./textarea.tsx";

type Props = {
  label: string;
  name: string;
  hint?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
} & Omit<ComponentProps<typeof Textarea>, "id" | "name">;

export function TextareaField({ label, hint, help, error, ...textarea }: Props) {
  return (
    <Field label={label} hint={hint} help={help} error={error}>
      {(control) => <Textarea {...textarea} {...control} />}
    </Field>
  );
}
