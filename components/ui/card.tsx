import type { ReactNode } from "react";
import { classes } from "./classes.ts";

type Props = {
  title?: ReactNode;
  description?: ReactNode;
  /** Beside the title: a link, a figure, a control. */
  aside?: ReactNode;
  children?: ReactNode;
  /** The tinted strip: a hint at its left, buttons at its right. */
  hint?: ReactNode;
  footer?: ReactNode;
  tone?: "normal" | "bad";
  /** For a card whose content brings its own edges, such as a table. */
  flush?: boolean;
  level?: 2 | 3;
  id?: string;
};

/** The card's own edge is the edge of what it holds; only the line under the head is left of it. */
const flushed = "[&>div]:rounded-none [&>div]:border-x-0 [&>div]:border-b-0";

/** A settings card, a figure, a list: one thing with its own edge. */
export function Card({
  title,
  description,
  aside,
  children,
  hint,
  footer,
  tone = "normal",
  flush = false,
  level = 2,
  id,
}: Props) {
  const bare = children === undefined || children === null;
  return (
    <section
      id={id}
      className={classes(
        "overflow-clip rounded-card border bg-surface",
        tone === "bad" ? "border-bad/50" : "border-line",
      )}
    >
      {title ? <CardHead title={title} description={description} aside={aside} level={level} flush={flush} /> : null}
      {bare ? <div className="h-4" /> : <div className={flush ? flushed : "p-4"}>{children}</div>}
      {hint || footer ? <CardFoot hint={hint} footer={footer} tone={tone} /> : null}
    </section>
  );
}

function CardHead({
  title,
  description,
  aside,
  level,
  flush,
}: Pick<Props, "title" | "description" | "aside" | "level" | "flush">) {
  const Heading = level === 3 ? "h3" : "h2";
  return (
    <div
      className={classes(
        "flex items-start justify-between gap-x-4 gap-y-2 px-4 pt-4 max-sm:flex-wrap",
        flush && "pb-4",
      )}
    >
      <div className="min-w-0">
        <Heading className="text-body font-semibold">{title}</Heading>
        {description ? <div className="mt-0.5 max-w-[64ch] text-ui text-text-soft">{description}</div> : null}
      </div>
      {aside ? <div className="shrink-0 text-ui">{aside}</div> : null}
    </div>
  );
}

function CardFoot({ hint, footer, tone }: Pick<Props, "hint" | "footer" | "tone">) {
  return (
    <div
      className={classes(
        "flex min-h-13 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t px-4 py-2.5 text-ui text-text-soft",
        tone === "bad" ? "border-bad/30 bg-bad-soft" : "border-line bg-canvas",
      )}
    >
      <div className="min-w-0">{hint}</div>
      <div className="ml-auto flex flex-wrap items-center gap-2">{footer}</div>
    </div>
  );
}
