"use client";

import { type ComponentProps, createContext, type ReactNode, use } from "react";
import type { ActionResult } from "#lib/core/action-result.ts";
import { Checkbox } from "./checkbox.tsx";
import { errorOf } from "./form-result.ts";
import { SelectField } from "./select-field.tsx";
import { TextField } from "./text-field.tsx";
import { TextareaField } from "./textarea-field.tsx";

/** What became of the form around a field, so that the field can say what is wrong with it. */
export const ResultContext = createContext<ActionResult<unknown> | undefined>(undefined);

export const FormText = (props: Omit<ComponentProps<typeof TextField>, "error">) => (
  <TextField {...props} error={errorOf(use(ResultContext), props.name)} />
);

export const FormTextarea = (props: Omit<ComponentProps<typeof TextareaField>, "error">) => (
  <TextareaField {...props} error={errorOf(use(ResultContext), props.name)} />
);

export const FormSelect = (props: Omit<ComponentProps<typeof SelectField>, "error">) => (
  <SelectField {...props} error={errorOf(use(ResultContext), props.name)} />
);

/** What a form says beside what people fill in. */
export const FormHidden = ({ values }: { values: Readonly<Record<string, string>> }) =>
  Object.entries(values).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);

export type Choice = { value: string; label: string; help?: ReactNode };

type ChoicesProps = {
  legend: string;
  name: string;
  choices: readonly Choice[];
  /** Those ticked beforehand. */
  chosen?: readonly string[];
  help?: string;
};

/** Any number of a few things, each with its words. */
export function FormChoices({ legend, name, choices, chosen = [], help }: ChoicesProps) {
  const error = errorOf(use(ResultContext), name);
  return (
    <fieldset>
      <legend className="mb-1 text-ui font-medium">{legend}</legend>
      <div className="max-h-56 overflow-y-auto">
        {choices.map(({ value, label, help }) => (
          <Checkbox
            key={value}
            name={name}
            value={value}
            defaultChecked={chosen.includes(value)}
            aria-invalid={error ? true : undefined}
            label={label}
            help={help}
          />
        ))}
      </div>
      <p className={`min-h-4 text-meta ${error ? "text-bad" : "text-text-faint"}`}>{error ?? help}</p>
    </fieldset>
  );
}
