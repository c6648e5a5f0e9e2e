import { isTooDeep } from "#lib/core/json-depth.ts";
import { checkConversation } from "./conversation.ts";
import { columnOf, jsonFaultOf } from "./json-place.ts";
import {
  isError,
  isGiven,
  isObject,
  type JsonObject,
  type Kind,
  kindOfValue,
  type Problem,
  problemsOfLineMost,
  type Report,
  ruleOf,
} from "./rules.ts";
import { type Sample, sampleOf } from "./sample.ts";

/** What a line is found to be: a sample where it is right, problems where it is not; warnings go with both. */
export type LineCheck = {
  kind: Kind | null;
  sample: Sample | null;
  problems: Problem[];
  /** Its JSON ends before it is whole: perhaps it goes on in the next line. */
  isUnfinished: boolean;
};

const secrets =
  /\b(?:sk-[\w-]{20,}|cpt_[0-9A-Za-z]{40,}|gh[pousr]_[0-9A-Za-z]{36}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}|hf_[0-9A-Za-z]{30,})|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/;

/** Beginnings of what the expression finds: looking for these first is several times faster, and few lines have any. */
const beginnings = ["sk-", "cpt_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "AKIA", "xox", "AIza", "hf_", "-----BEGIN "];
const secretIn = (line: string): RegExpExecArray | null =>
  beginnings.some((beginning) => line.includes(beginning)) ? secrets.exec(line) : null;

/** Checks one line, which is not empty, by every rule that concerns a line alone. */
export function checkLine(line: string, number: number): LineCheck {
  const problems: Problem[] = [];
  const parsed = parse(line, number, problems);
  if (!parsed.value) return { kind: null, sample: null, problems, isUnfinished: parsed.isUnfinished };
  const found: [Parameters<Report>[0], string, string][] = [];
  const kind = checkObject(parsed.value, (...problem) => found.push(problem));
  const secret = secretIn(line);
  for (const [rule, path, message] of found.slice(0, problemsOfLineMost))
    problems.push({ line: number, column: columnOf(line, path), rule, path, message, mend: ruleOf(rule).mend });
  const isGood = !problems.some(isError);
  if (secret)
    problems.push({
      line: number,
      column: secret.index + 1,
      rule: "W3",
      path: "",
      message: "has what looks like an API key",
      mend: ruleOf("W3").mend,
    });
  return { kind, sample: isGood ? sampleOf(parsed.value) : null, problems, isUnfinished: false };
}

type Parsed = { value: JsonObject | null; isUnfinished: boolean };

function parse(line: string, number: number, problems: Problem[]): Parsed {
  const refuse = (rule: "J1" | "J2", column: number, message: string, isUnfinished = false): Parsed => {
    problems.push({ line: number, column, rule, path: "", message, mend: ruleOf(rule).mend });
    return { value: null, isUnfinished };
  };
  if (isTooDeep(line)) return refuse("J1", 1, "nests more than 256 levels deep");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    const fault = jsonFaultOf(line);
    const { column = 1, expected = "a value was expected", isUnfinished = false } = fault ?? {};
    return refuse("J1", column, `is not valid JSON at column ${column}: ${expected}`, isUnfinished);
  }
  return isObject(value)
    ? { value, isUnfinished: false }
    : refuse("J2", 1, `is ${kindOfValue(value)}; write an object in braces`);
}

/** Which kind of line an object is meant to be; null where nothing tells. */
function checkObject(line: JsonObject, report: Report): Kind | null {
  const given = ["messages", "interactions", "text"].filter((key) => isGiven(line[key]));
  if (given.length === 0 && (isGiven(line.body) || isGiven(line.custom_id))) {
    checkRequest(line, report);
    return "batch_request";
  }
  if (given.length === 0) {
    report("C1", "", "has none of messages, interactions and text");
    return null;
  }
  if (given.length > 1) report("C1", given[1] ?? "", `has both ${given[0]} and ${given[1]}`);
  if (given[0] === "text") {
    checkText(line.text, report);
    return "pretrain";
  }
  checkConversation(line, report);
  return "instruct";
}

function checkText(text: unknown, report: Report): void {
  if (typeof text !== "string") report("M3", "text", `text is ${kindOfValue(text)}`);
  else if (text.trim() === "") report("K2", "text", "has an empty text");
}

function checkRequest({ custom_id: id, body }: JsonObject, report: Report): void {
  if (!isObject(body)) report("C1", "body", `body is ${kindOfValue(body)}; write the request as an object`);
  if (isGiven(id) && typeof id !== "string") report("C1", "custom_id", `custom_id is ${kindOfValue(id)}; write a text`);
}
