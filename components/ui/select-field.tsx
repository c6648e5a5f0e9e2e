import type { ReactNode } from "react";
import { Combobox } from "./combobox.tsx";
import { Field } from "./field.tsx";
import { type Option, Select } from "./select.tsx";

type Props = {
  label: string;
  name: string;
  options: readonly Option[];
  /** Where to search for more than these. */
  source?: string | undefined;
  hint?: ReactNode;
  help?: ReactNode;
  error?: string | undefined;
  value?: string | undefined;
  defaultValue?: string | undefined;
  onChange?: (event: { target: { value: string } }) => void;
};

/** More than can be seen at once is searched for. */
const fewOptions = 20;

export function SelectField({ label, hint, help, error, source, ...select }: Props) {
  const { name, options, value, defaultValue, onChange } = select;
  return (
    <Field label={label} hint={hint} help={help} error={error}>
      {(control) =>
        source !== undefined || options.length > fewOptions ? (
          <Combobox
            {...control}
            name={name}
            label={label}
            options={options}
            source={source}
            value={value ?? defaultValue ?? options[0]?.value}
            {...(onChange && { onChange: (chosen) => onChange({ target: { value: chosen } }) })}
          />
        ) : (
          // After its action React puts a field back to its first value, so one with another value is made anew.
          <Select key={defaultValue} {...select} {...control} />
        )
      }
    </Field>
  );
}
