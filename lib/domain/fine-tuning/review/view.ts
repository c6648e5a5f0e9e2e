import type { ReviewFigures, ReviewVerdict } from "#db/schema/review-figures.ts";
import type { AskedPrompt } from "#lib/engine/training/port.ts";
import type { ShownPrompt } from "./rules.ts";

/** The review of one step as a page shows it. */
export type ReviewView =
  | { state: "pending"; step: number }
  | { state: "failed"; step: number; problem: string }
  /** To ask costs money, so a person has it asked. */
  | { state: "asking"; step: number; prompts: AskedPrompt[] }
  | {
      state: "ready";
      step: number;
      figures: ReviewFigures;
      verdict: ReviewVerdict;
      prompts: ShownPrompt[];
      madeAt: Date;
    };
