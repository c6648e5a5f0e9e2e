import type { RuleId } from "#lib/engine/datasets/rules.ts";

const ending = /\.jsonl$/i;

/** The name of a file that was made of another. */
export function nameFrom(name: string, made: "mended" | "training" | "validation"): string {
  const stem = name.replace(ending, "");
  // What is mended again keeps its name, so mending twice is mending once.
  return made === "mended" && stem.endsWith(".mended") ? name : `${stem}.${made}.jsonl`;
}

/** What mending does to a line; `after` is null where the line is left out. */
export type Change = { line: number; before: string; after: string | null; rules: RuleId[] };

/** What mending did, or would do. */
export type MendOutcome = {
  changed: number;
  dropped: number;
  counts: Partial<Record<RuleId, number>>;
  changes: Change[];
};
