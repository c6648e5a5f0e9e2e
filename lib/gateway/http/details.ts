import type { z } from "zod";
import type { Detail } from "./wire-error.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong with what was sent, field by field, in the form the official clients parse. */
export const details = (error: z.ZodError, part: "body" | "query", sent: unknown): Detail[] =>
  error.issues.flatMap((issue) => detailsOf(issue, [], { part, sent }));

type Sent = { part: "body" | "query"; sent: unknown };

function detailsOf(issue: Issue, above: Path, { part, sent }: Sent): Detail[] {
  const path = [...above, ...issue.path];
  const loc = [part, ...path.map((step) => (typeof step === "number" ? step : String(step)))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      type: "extra_forbidden",
      loc: [...loc, key],
      msg: "This field is not known here.",
    }));
  }
  const found = at(sent, path);
  if (found === undefined && path.length > 0) {
    const isOurs = !generic.test(issue.message);
    return [{ type: "missing", loc, msg: isOurs ? issue.message : "This field is required." }];
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const { expected } = kindsOf(issue);
    if (expected.length > 0) return [wrongKind(loc, expected, found)];
    return nearest(issue.errors).flatMap((inner) => detailsOf(inner, path, { part, sent }));
  }
  if (issue.code === "invalid_type" && generic.test(issue.message)) return [wrongKind(loc, [issue.expected], found)];
  const type = issue.code === "invalid_union" ? "invalid_value" : issue.code;
  return [{ type, loc, msg: issue.message }];
}

/** Zod's own words, which tell a program's author less than ours. */
const generic = /^Invalid (?:input|discriminator)/;

function wrongKind(loc: Detail["loc"], kinds: readonly string[], found: unknown): Detail {
  const [expected, received] = [[...new Set(kinds)].join(" or "), kindOf(found)];
  return { type: "invalid_type", loc, msg: `Expected ${expected}, received ${received}.`, ctx: { expected, received } };
}

/** What a union takes, where no branch got further than the value itself. */
function kindsOf(issue: Extract<Issue, { code: "invalid_union" }>): { expected: string[] } {
  const expected: string[] = [];
  for (const branch of issue.errors) {
    for (const inner of branch) {
      if (inner.path.length > 0 || inner.code !== "invalid_type") return { expected: [] };
      expected.push(inner.expected);
    }
  }
  return { expected };
}

/** The branch that was meant: the one that was followed deepest, whose words fit, and that finds least wrong. */
function nearest(branches: readonly Issue[][]): Issue[] {
  const [best = []] = [...branches].sort(
    (a, b) => depthOf(b) - depthOf(a) || wrongWords(a) - wrongWords(b) || a.length - b.length,
  );
  return best;
}

const depthOf = (branch: readonly Issue[]): number => Math.max(0, ...branch.map(depth));

function depth(issue: Issue): number {
  const inner = issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(depthOf)) : 0;
  return issue.path.length + inner;
}

const wrongWords = (branch: readonly Issue[]): number => branch.filter(({ code }) => code === "invalid_value").length;

function at(sent: unknown, path: Path): unknown {
  let value = sent;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
