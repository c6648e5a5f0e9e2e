/** A piece of a paragraph: in both, in the one before only, or in the one after only. */
export type WordRun = { text: string; mark: "same" | "removed" | "added" };

/** A paragraph of either text, in the order in which they are read. */
export type DiffRow = {
  mark: "same" | "changed" | "removed" | "added" | "moved-away" | "moved-here";
  before: string | null;
  after: string | null;
  /** Of a changed one: what of it changed. */
  words: readonly WordRun[];
  /** Where its heading can be linked to. */
  anchor: string | null;
};
