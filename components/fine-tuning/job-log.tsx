import { classes } from "#components/ui/classes.ts";

type Line = { at: Date; level: "info" | "warn" | "error"; text: string };

const tones = { info: "text-text", warn: "text-warn", error: "text-bad" };

/** What a trainer wrote down, oldest first. */
export const JobLog = ({ lines }: { lines: readonly Line[] }) => (
  <pre
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by key
    tabIndex={0}
    className="max-h-80 overflow-auto rounded-control border border-line bg-canvas p-3 font-mono text-meta whitespace-pre-wrap"
  >
    {lines.map(({ at, level, text }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the log
      <span key={index} className={classes("block", tones[level])}>
        {at.toISOString().slice(11, 19)} {level === "info" ? "" : `${level}: `}
        {text}
      </span>
    ))}
  </pre>
);
