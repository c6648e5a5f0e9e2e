import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { controlLook } from "./control-look.ts";

export type Option = { value: string; label: string };

type Props = { options: readonly Option[] } & Omit<
  ComponentProps<"select">,
  "className" | "style" | "children" | "multiple"
>;

export function Select({ options, ...rest }: Props) {
  return (
    <span className="relative block">
      <select {...rest} className={classes(controlLook, "h-8.5 appearance-none pr-8")}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-text-faint"
      />
    </span>
  );
}
