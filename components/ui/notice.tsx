import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export type Tone = "good" | "warn" | "bad" | "info" | "neutral";

type Props = { tone?: Tone; title?: ReactNode; children?: ReactNode; action?: ReactNode };

const looks: Record<Tone, string> = {
  good: "border-good/30 bg-good-soft [&>svg]:text-good",
  warn: "border-warn/30 bg-warn-soft [&>svg]:text-warn",
  bad: "border-bad/40 bg-bad-soft [&>svg]:text-bad",
  info: "border-info/30 bg-info-soft [&>svg]:text-info",
  neutral: "border-line bg-surface [&>svg]:text-text-faint",
};

const icons = { good: CircleCheck, warn: TriangleAlert, bad: CircleAlert, info: Info, neutral: Info } as const;

/** Something to know here and now, with at most one thing to do about it. */
export function Notice({ tone = "info", title, children, action }: Props) {
  const Icon = icons[tone];
  return (
    <div className={classes("flex items-start gap-2.5 rounded-card border px-3.5 py-2.5 text-ui", looks[tone])}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className={classes("min-w-0 grow", Boolean(action) && "self-center")}>
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={title ? "text-text-soft" : undefined}>{children}</div> : null}
      </div>
      {action ? <div className="shrink-0">{action}</div> : null}
    </div>
  );
}
