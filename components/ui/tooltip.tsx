import type { ReactNode } from "react";
import { classes } from "./classes.ts";
import { Kbd } from "./kbd.tsx";

type Props = { text: string; keys?: string; side?: "above" | "below"; children: ReactNode };

/** Shows on hover and on keyboard focus. Repeats the control's own accessible name, so it is hidden from readers. */
export function Tooltip({ text, keys, side = "below", children }: Props) {
  return (
    <span className="group/tip relative inline-flex">
      {children}
      <span
        aria-hidden="true"
        className={classes(
          "pointer-events-none absolute right-0 z-40 hidden w-max max-w-60 items-center gap-2 rounded-control border border-line bg-surface px-2 py-1 text-meta text-text shadow-float",
          "group-hover/tip:flex group-has-[:focus-visible]/tip:flex",
          side === "below" ? "top-full mt-1.5" : "bottom-full mb-1.5",
        )}
      >
        {text}
        {keys ? <Kbd>{keys}</Kbd> : null}
      </span>
    </span>
  );
}
