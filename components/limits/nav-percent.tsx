import { classes } from "#components/ui/classes.ts";

/** Beside "Limits" in the sidebar, once a person should look. */
export function NavPercent({ percent, isReached }: { percent: number; isReached: boolean }) {
  return (
    <span className={classes("tabular text-meta", isReached ? "text-bad" : "text-warn")}>
      {percent} %<span className="sr-only"> spent</span>
    </span>
  );
}
