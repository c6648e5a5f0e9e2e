export type DeskFigures = {
  opened: number;
  /** Working time until the first answer, in milliseconds; null where there was none. */
  firstAnswerMs: { p50: number | null; p90: number | null };
  backlog: { label: string; tickets: number }[];
  resolved: number;
  reopened: number;
  legal: { due: number; inTime: number };
  ratings: { all: number; good: number };
};
