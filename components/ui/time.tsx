import { now as clock } from "#lib/core/clock.ts";
import { dateWords, instantWords, relativeWords } from "./time-words.ts";

type Props = {
  at: Date;
  /** `relative` "2 minutes ago"; `date` "12 Jan 2026"; `instant` down to the second. */
  form?: "relative" | "date" | "instant";
  /** The page's instant, where one page shows several times. */
  now?: Date;
};

/** A moment: words for people, the UTC instant on hover, the exact one for machines. */
export function Time({ at, form = "relative", now = clock() }: Props) {
  const words = { relative: relativeWords(at, now), date: dateWords(at), instant: instantWords(at) }[form];
  return (
    <time dateTime={at.toISOString()} title={instantWords(at)} className="tabular" suppressHydrationWarning>
      {words}
    </time>
  );
}
