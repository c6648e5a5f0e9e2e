import type { ReviewFigures, ReviewVerdict } from "#db/schema/review-figures.ts";
import type { ShownPrompt } from "./rules.ts";

/** The review of one step as a page shows it. */
export type ReviewView =
  | { state: "pending"; step: number }
  | { state: "failed"; step: number; problem: string }
  | {
      state: "ready";
      step: number;
      figures: ReviewFigures;
      verdict: ReviewVerdict;
      prompts: ShownPrompt[];
      madeAt: Date;
    };
