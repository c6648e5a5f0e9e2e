import { RE2JS } from "re2js";

/** The longest expression, and the largest program one may become: matching costs text times program. */
export const longestExpression = 500;
const mostSteps = 2000;

/** Whether a text has what an expression looks for. */
export type Matcher = (text: string) => boolean;

/**
 * An expression as RE2 reads it, whatever the case: matched in time that grows with the text alone, so that no expression
 * and no text can keep a worker busy for ever. It has no backreferences and no lookaround. Null where it is none.
 */
export function matcherOf(source: string): Matcher | null {
  if (source.length > longestExpression) return null;
  try {
    const expression = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    if (expression.programSize() > mostSteps || expression.test("")) return null;
    return (text) => expression.test(text);
  } catch {
    return null;
  }
}
