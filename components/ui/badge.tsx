import type { ReactNode } from "react";
import { classes } from "./classes.ts";
import type { Tone } from "./notice.tsx";

const looks: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  neutral: "bg-sunken text-text-soft",
};

/** A state: a dot and a word, so that colour never says it alone. `plain` leaves the dot out for labels that are no state. */
export function Badge({
  tone = "neutral",
  plain = false,
  children,
}: {
  tone?: Tone;
  plain?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1.5 align-middle whitespace-nowrap rounded-full px-2 py-0.5 text-meta font-medium",
        looks[tone],
      )}
    >
      {plain ? null : <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  );
}
