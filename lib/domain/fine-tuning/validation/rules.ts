import type { TuningExtent } from "#db/schema/tuning.ts";

/** What the data of a job is; with a problem it cannot be trained on. */
export type Finding = { extent: TuningExtent | null; problem: string | null };

/** Whether so many wrong lines are more than a job may leave out. */
export function judge(extent: TuningExtent, lines: number, skipShare: number): Finding {
  const { samples, skippedLines, steps } = extent;
  if (samples === 0 || steps === 0) return { extent, problem: "The training files have nothing to learn from." };
  if (skippedLines > lines * skipShare) {
    const allowed = `${Math.round(skipShare * 1000) / 10} %`;
    const few = skippedLines === 1 ? "line is" : "lines are";
    return { extent, problem: `${skippedLines} of ${lines} ${few} wrong, and ${allowed} of them may be.` };
  }
  return { extent, problem: null };
}
