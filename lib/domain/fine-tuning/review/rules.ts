import type { Id } from "#db/id.ts";
import type { ReviewFigures, ReviewVerdict } from "#db/schema/review-figures.ts";
import { differingPieces } from "#lib/domain/files/reports/rules.ts";
import type { ReviewAnswer, ReviewedPrompt, ReviewReport } from "#lib/engine/training/port.ts";
import { isInStyle } from "#lib/engine/training/style.ts";

/** What the prompts of a review are sealed for. */
export const reviewLabel = (job: Id<"tuningJob">, step: number): string => `${job} review ${step}`;

/** A prompt as it is kept and shown. */
export type ShownPrompt = {
  question: string;
  /** Messages of the conversation before the question. */
  earlier: number;
  wanted: string;
  base: string;
  tuned: string;
};

/** Letters of a text that are kept: a review is looked at, not stored for its own sake. */
const lettersMost = 8000;
const cut = (text: string): string =>
  text.length <= lettersMost ? text : `${text.slice(0, lettersMost).toWellFormed()}…`;

export const shownPrompt = ({ messages, wanted, base, tuned }: ReviewedPrompt): ShownPrompt => ({
  question: cut(messages.at(-1)?.content ?? ""),
  earlier: messages.slice(0, -1).filter(({ role }) => role !== "system").length,
  wanted: cut(wanted.text),
  base: cut(base.text),
  tuned: cut(tuned.text),
});

export const isExact = (said: string, wanted: string): boolean => said.trim() === wanted.trim();

/** A piece of an answer, where it begins, and whether the wanted answer has it too. */
export type AnswerPiece = { at: number; text: string; isOther: boolean };

export function piecesOf(text: string, wanted: string): AnswerPiece[] {
  let at = 0;
  return differingPieces(wanted, text)
    .filter(({ kind }) => kind !== "removed")
    .map((piece) => {
      const begins = at;
      at += piece.text.length;
      return { at: begins, text: piece.text, isOther: piece.kind === "added" };
    });
}

/** How the page says what is measured. */
export const styleWords =
  "Begins and ends, by its first and last word, as at least four in five of the answers that it was trained on do.";

/** What a review counts of what was said. */
export function figuresOf({ samples, bits, style, prompts }: ReviewReport): ReviewFigures {
  const count = (is: (said: string, wanted: string) => boolean) => {
    const of = (who: "base" | "tuned") => prompts.filter((one) => is(one[who].text, one.wanted.text)).length;
    return { base: of("base"), tuned: of("tuned") };
  };
  const mean = (of: (prompt: ReviewedPrompt) => ReviewAnswer): number =>
    prompts.reduce((sum, prompt) => sum + of(prompt).tokens, 0) / Math.max(1, prompts.length);
  return {
    samples,
    bits,
    prompts: prompts.length,
    exact: count(isExact),
    style: style && count((said) => isInStyle(said, style)),
    tokens: { base: mean(({ base }) => base), tuned: mean(({ tuned }) => tuned), wanted: mean(({ wanted }) => wanted) },
  };
}

/** Losses that are this near to each other are alike. */
const alike = 0.01;

const signOf = (gain: number): number => (Math.abs(gain) <= alike ? 0 : Math.sign(gain));

/** Which way each figure points: above zero is better than the base. */
function signsOf({ bits, prompts, exact, style }: ReviewFigures): number[] {
  const loss = bits ? [signOf((bits.base - bits.tuned) / Math.max(bits.base, Number.EPSILON))] : [];
  const counts = [exact, ...(style ? [style] : [])].map(({ base, tuned }) => Math.sign(tuned - base));
  return [...loss, ...(prompts > 0 ? counts : [])];
}

function judged(figures: ReviewFigures): ReviewVerdict["is"] {
  const signs = signsOf(figures);
  if (figures.samples === 0 || signs.length === 0) return "unknown";
  const [gains, losses] = [signs.some((sign) => sign > 0), signs.some((sign) => sign < 0)];
  if (gains === losses) return "same";
  return gains ? "better" : "worse";
}

export const writeBits = (bits: number): string => (bits < 0.01 ? "< 0.01" : bits.toFixed(2));

function factsOf({ bits, prompts, exact, style }: ReviewFigures): string {
  const facts = [
    bits && `${writeBits(bits.tuned)} bits a byte instead of ${writeBits(bits.base)}`,
    prompts > 0 && `${exact.tuned} of ${prompts} answers exactly as wanted (base: ${exact.base})`,
    prompts > 0 && style && `${style.tuned} in the trained style (base: ${style.base})`,
  ];
  return facts.filter((fact) => Boolean(fact)).join(", ");
}

export const noneHeldOut =
  "There is nothing to judge the model by: no example was left out of its training. Give a validation file, or at least 20 examples.";

/** The numbers in one sentence, and what to try where they are not good. */
export function verdictOf(figures: ReviewFigures): ReviewVerdict {
  const is = judged(figures);
  if (is === "unknown") return { is, text: noneHeldOut };
  const { samples } = figures;
  const by = `on ${samples} ${samples === 1 ? "answer" : "answers"} that it was not trained on: ${factsOf(figures)}.`;
  return { is, text: { better: `Better than its base ${by}`, same: sameText(by), worse: worseText(by) }[is] };
}

const sameText = (by: string): string =>
  `No better than its base ${by} Try more examples, more steps or a higher learning rate.`;
const worseText = (by: string): string =>
  `Worse than its base ${by} Try a lower learning rate, fewer steps or more examples.`;

/** Turns of processes at one review before it is given up, and how long a turn lasts without a sign of life. */
export const attemptsMost = 3;
export const leaseSeconds = 60;
