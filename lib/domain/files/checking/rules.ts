import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { isError, type Problem, type RuleId, ruleOf, rules } from "#lib/engine/datasets/rules.ts";

/** How many problems the refusal of a file names. */
export const namedMost = 20;

/** What a problem says of a line, as programs and people get it; never what stands in the line. */
export const problemWords = ({ line, message }: Pick<Problem, "line" | "message">): string =>
  line === 0 ? `The file ${message}.` : `Line ${line}: ${message}.`;

/** The sentence of the field's own tools, with the file's name. */
export const publishedWords = (name: string, problem: Problem): string =>
  `The data in line ${problem.line} of dataset ${name} is incorrectly formatted. ${problemWords(problem)}`;

const countOf = (counts: CheckReport["counts"], isCounted: (rule: RuleId) => boolean): number =>
  Object.entries(counts).reduce((sum, [rule, count]) => sum + (isCounted(rule as RuleId) ? count : 0), 0);

export const problemCount = ({ counts }: Pick<CheckReport, "counts">): number => countOf(counts, () => true);

/** Why a file is not taken, in a sentence; null where it is. A job skips half of the lines at most, so no more may be wrong. */
export function refusalOf({ good, bad, problems, counts }: Omit<CheckReport, "statistics" | "kind">): string | null {
  const first = problems.find(({ rule }) => ruleOf(rule).group === "file");
  if (first) return problemWords(first);
  if (countOf(counts, (rule) => rules[rule].group === "file") > 0) return "The file is no set of lines of one kind.";
  if (good === 0) return firstError(problems) ?? "No line can be used.";
  if (bad <= good) return null;
  return `${bad} of ${good + bad} lines are wrong, which is more than half. ${firstError(problems) ?? ""}`.trim();
}

function firstError(problems: readonly Problem[]): string | undefined {
  const first = problems.find(isError);
  return first && problemWords(first);
}

/** Problems to name in a refusal: errors before warnings. */
export const namedProblems = (problems: readonly Problem[]): Problem[] =>
  [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))].slice(0, namedMost);
