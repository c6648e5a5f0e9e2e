import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { controlLook } from "./control-look.ts";

type Props = {
  /** A sign before the value, such as €. */
  adornment?: string | undefined;
  mono?: boolean;
} & Omit<ComponentProps<"input">, "className" | "style" | "size">;

export function Input({ adornment, mono = false, ...rest }: Props) {
  const input = (
    <input
      {...rest}
      className={classes(
        controlLook,
        "h-8.5",
        mono && "font-mono",
        adornment && "pl-7",
        rest.type === "file" && "py-1.5",
      )}
    />
  );
  if (!adornment) return input;
  return (
    <span className="relative block">
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-text-faint"
      >
        {adornment}
      </span>
      {input}
    </span>
  );
}
