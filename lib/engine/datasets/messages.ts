import type { CheckReport } from "./checker.ts";
import type { MendReport } from "./mend-file.ts";
import type { Purpose } from "./rules.ts";
import type { SplitOptions, SplitSide } from "./split-file.ts";

/** What is done with a data set as it passes; a check can go on where another process left it. */
export type Work =
  | { type: "check"; purpose: Purpose; saved: Uint8Array | null }
  | { type: "mend"; isList: boolean }
  | { type: "split"; side: SplitSide; options: SplitOptions };

/** How a run is doing: of a check, what it has found so far. */
export type SoFar = { good: number; bad: number; problems: number };

export type Order = { id: number } & (
  | { type: "begin"; work: Work }
  | { type: "piece"; bytes: Uint8Array }
  | { type: "save" }
  | { type: "finish" }
  | { type: "drop" }
);

/** The answer to an order, in the order they came; `drop` has none. */
export type Reply = { id: number } & (
  | { type: "made"; bytes: Uint8Array; soFar: SoFar | null }
  | { type: "saved"; bytes: Uint8Array; soFar: SoFar }
  | { type: "finished"; bytes: Uint8Array; report: CheckReport | MendReport | SplitReport }
  | { type: "failed" }
);

/** What a split came to: the lines of its side, and the first line that was too long to be read. */
export type SplitReport = { lines: number; tooLongAt: number | null };
