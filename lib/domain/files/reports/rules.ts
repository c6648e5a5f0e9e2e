import { diffWordsWithSpace } from "diff";
import type { Id } from "#db/id.ts";
import { isError, type Problem, type RuleId, ruleOf, rules } from "#lib/engine/datasets/rules.ts";

/** What a report is sealed for, so that it opens for its own file alone. */
export const reportLabel = (id: Id<"file">): string => `report of ${id}`;

/** A problem with its line, and what mending makes of that; null where mending changes nothing of it. */
export type ShownProblem = {
  problem: Problem;
  text: string | null;
  mended: { line: string | null } | null;
};

/** How many problems a page shows with their lines. */
export const problemsShown = 20;

const around = 160;

/** The line around the place of a problem, in three pieces; its beginning where the whole line is meant. */
export function excerptOf(text: string, column: number | null): { before: string; at: string; after: string } {
  if (column === null) return { before: text.slice(0, around), at: "", after: text.length > around ? "…" : "" };
  const place = Math.min(Math.max(0, column - 1), Math.max(0, text.length - 1));
  const start = Math.max(0, place - around);
  const word = /^(?:"[^"]{0,40}"?|[\w.-]{1,40}|.)/s.exec(text.slice(place))?.[0] ?? "";
  const after = text.slice(place + word.length, place + word.length + around);
  const isMore = place + word.length + around < text.length;
  return { before: (start > 0 ? "…" : "") + text.slice(start, place), at: word, after: after + (isMore ? "…" : "") };
}

/** What goes and what comes when a line is mended. */
export type Piece = { text: string; kind: "same" | "added" | "removed" };

export const differingPieces = (before: string, after: string): Piece[] =>
  diffWordsWithSpace(before, after, { maxEditLength: 2000 })?.map(({ value: text, added, removed }) => ({
    text,
    kind: added ? "added" : removed ? "removed" : "same",
  })) ?? [
    { text: before, kind: "removed" },
    { text: after, kind: "added" },
  ];

/** A problem as a page shows it. */
export const problemView = ({ problem, text, mended }: ShownProblem) => {
  const { line, column, rule, message, mend } = problem;
  const { reformat } = ruleOf(rule);
  return {
    line,
    column,
    rule,
    message,
    mend: reformat ? `${mend} Mend ${reformat}.` : mend,
    isError: isError(problem),
    excerpt: text === null ? null : excerptOf(text, column),
    diff: diffOf(text, mended),
  };
};

function diffOf(text: string | null, mended: ShownProblem["mended"]): Piece[] | "dropped" | null {
  if (text === null || mended === null) return null;
  return mended.line === null ? "dropped" : differingPieces(text, mended.line);
}

/** How many problems each rule found, in the order of the rules. */
export const countsView = (counts: Partial<Record<RuleId, number>>) =>
  (Object.keys(rules) as RuleId[]).flatMap((rule) => {
    const count = counts[rule] ?? 0;
    return count > 0 ? [{ rule, title: rules[rule].title, count }] : [];
  });

const limits = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

/** Samples by length in a few bars, the last of which is open. */
export function lengthBars(
  histogram: readonly { upTo: number; samples: number }[],
): { label: string; value: number }[] {
  const bars = [...limits, Number.POSITIVE_INFINITY].map((limit, at) => {
    const over = limits[at - 1] ?? 0;
    const within = histogram.filter(({ upTo }) => upTo > over && upTo <= limit);
    const label = limit === Number.POSITIVE_INFINITY ? `over ${over}` : `to ${limit}`;
    return { label, value: within.reduce((sum, { samples }) => sum + samples, 0) };
  });
  const [first, last] = [bars.findIndex(({ value }) => value > 0), bars.findLastIndex(({ value }) => value > 0)];
  return first < 0 ? [] : bars.slice(first, last + 1);
}
