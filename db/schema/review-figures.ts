type BaseAndTuned = { base: number; tuned: number };
/** What a review counted; null where there was nothing to count by. */
export type ReviewFigures = {
  /** Answers that were not trained on: loss is measured by all of them. */
  samples: number;
  bits: BaseAndTuned | null;
  /** Questions that were asked, and how many answers are as wanted or in the style of those that are wanted. */
  prompts: number;
  exact: BaseAndTuned;
  style: BaseAndTuned | null;
  /** Mean tokens of an answer. */
  tokens: BaseAndTuned & { wanted: number };
};

/** Whether a model is better than its base. */
export type ReviewVerdict = { is: "better" | "same" | "worse" | "unknown"; text: string };
