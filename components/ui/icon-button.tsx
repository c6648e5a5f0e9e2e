import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes.ts";
import { Tooltip } from "./tooltip.tsx";

type Props = {
  /** What it does, in words: its accessible name and its tooltip. */
  label: string;
  children: ReactNode;
  size?: "small" | "normal";
  edge?: boolean;
} & Omit<ComponentProps<"button">, "className" | "style" | "aria-label">;

export function IconButton({ label, children, size = "normal", edge = false, type = "button", ...rest }: Props) {
  return (
    <Tooltip text={label}>
      <button
        type={type}
        aria-label={label}
        {...rest}
        className={classes(
          "inline-flex shrink-0 items-center justify-center rounded-control border text-text-soft transition-colors duration-150 hover:bg-sunken hover:text-text [&_svg]:size-4",
          "disabled:cursor-not-allowed disabled:opacity-55",
          size === "small" ? "size-6" : "size-8",
          edge ? "border-line bg-surface" : "border-transparent",
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
