import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classes } from "#components/ui/classes.ts";
import { chipLook } from "./chip-look.ts";

type Option = { value: string; label: string };

type ChoiceProps = {
  name: string;
  label: string;
  /** What the chip says while nothing is chosen: "All states". */
  all: string;
  options: readonly Option[];
  value: string | undefined;
};

/** A filter of a few choices. It applies when the choice is made. */
export function FilterChoice({ name, label, all, options, value = "" }: ChoiceProps) {
  return (
    <span className="relative inline-block max-w-full">
      <select
        name={name}
        aria-label={label}
        defaultValue={value}
        className={classes(chipLook(value !== ""), "field-sizing-content max-w-56 appearance-none truncate pr-7 pl-3")}
      >
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-3.5" />
    </span>
  );
}

type FieldProps = {
  name: string;
  label: string;
  /** The word before the value: "From". */
  word: string;
  value: string | undefined;
  /** False for a value that is always there, such as the range of a chart. */
  marks?: boolean;
} & Pick<ComponentProps<"input">, "type" | "placeholder" | "maxLength"> & { "data-shortcut"?: "filter" };

/** A filter that is written: a day, a moment, or an exact name. */
export function FilterField({ name, label, word, value = "", marks = true, ...input }: FieldProps) {
  return (
    <span className={classes(chipLook(marks && value !== ""), "inline-flex max-w-full items-center gap-1.5 px-3")}>
      <span aria-hidden="true">{word}</span>
      <input
        {...input}
        name={name}
        aria-label={label}
        defaultValue={value}
        autoComplete="off"
        className="field-sizing-content max-w-56 min-w-24 rounded-small bg-transparent text-ui text-text outline-offset-1"
      />
    </span>
  );
}
