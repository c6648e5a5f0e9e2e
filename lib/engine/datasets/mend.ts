import { isTooDeep } from "#lib/core/json-depth.ts";
import { messagesKey } from "./conversation.ts";
import { checkLine } from "./line.ts";
import { mendCalls } from "./mend-calls.ts";
import { mendMessage } from "./mend-message.ts";
import { isError, isGiven, isObject, type JsonObject, type RuleId } from "./rules.ts";

/** A line as it is after mending, null where it is left out; and the rules that were mended. */
export type Mended = { line: string | null; rules: RuleId[] };

/** What is noted while an object is mended. */
export type Note = (rule: RuleId) => void;

/**
 * Mends what has one meaning only. A right line stays as it is, byte for byte, and so does one that would still be wrong:
 * what is mended passes, so mending twice is mending once.
 */
export function mendLine(line: string): Mended {
  const isRight = (text: string): boolean => !checkLine(text, 1).problems.some(isError);
  const as = { line, rules: [] };
  if (line.trim() === "" || isRight(line)) return as;
  const value = objectOf(line);
  if (!value) return as;
  const rules = new Set<RuleId>();
  const mended = mendObject(value, (rule) => rules.add(rule));
  if (mended === null) return { line: null, rules: [...rules] };
  const text = JSON.stringify(mended);
  return isRight(text) ? { line: text, rules: [...rules] } : as;
}

function objectOf(line: string): JsonObject | null {
  if (isTooDeep(line)) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Null where nothing in it can be learned from. */
function mendObject(given: JsonObject, note: Note): JsonObject | null {
  const line = mendTools(renamed(given, note), note);
  if (typeof line.text === "string" && line.text.trim() === "" && !isGiven(line[messagesKey(line)])) {
    note("K2");
    return null;
  }
  const key = messagesKey(line);
  const messages = line[key];
  if (!Array.isArray(messages)) return line;
  const mended = mendMessages(messages, note);
  return mended && { ...line, [key]: mended };
}

/** Some tools write `conversations`. */
function renamed(line: JsonObject, note: Note): JsonObject {
  const { conversations, ...rest } = line;
  if (!Array.isArray(conversations) || ["messages", "interactions", "text"].some((key) => isGiven(line[key])))
    return line;
  note("C1");
  return { ...rest, messages: conversations };
}

function mendTools(line: JsonObject, note: Note): JsonObject {
  const { tools, available_tools: others, ...rest } = line;
  if (!isGiven(tools) || !isGiven(others)) return line;
  const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;
  if (isFilled(tools) === isFilled(others)) return line;
  note("C7");
  return isFilled(tools) ? { ...rest, tools } : { ...rest, available_tools: others };
}

function mendMessages(given: readonly unknown[], note: Note): unknown[] | null {
  if (given.length === 0) return dropped("C2", note);
  if (!given.every(isObject)) return [...given];
  const messages = joinSystems(
    given.map((message) => mendMessage(message, note)),
    note,
  );
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const kept = messages.slice(0, last + 1);
  if (!kept.some(({ role, weight }) => role === "assistant" && weight !== 0)) return dropped("C3", note);
  if (kept.length < messages.length) note("C6");
  if (kept.some(isEmptyAnswer)) return dropped("K2", note);
  return mendCalls(kept, note);
}

function dropped(rule: RuleId, note: Note): null {
  note(rule);
  return null;
}

const isEmptyAnswer = ({ role, weight, content, tool_calls: calls }: JsonObject): boolean =>
  role === "assistant" &&
  weight !== 0 &&
  typeof content === "string" &&
  content.trim() === "" &&
  !(Array.isArray(calls) && calls.length > 0);

/** Neighbouring system messages become one, with an empty line between what they say. */
function joinSystems(messages: readonly JsonObject[], note: Note): JsonObject[] {
  const joined: JsonObject[] = [];
  for (const message of messages) {
    const before = joined.at(-1);
    const isJoined =
      before?.role === "system" &&
      message.role === "system" &&
      typeof before.content === "string" &&
      typeof message.content === "string";
    if (!isJoined) {
      joined.push(message);
      continue;
    }
    note("C4");
    joined[joined.length - 1] = { ...before, content: `${before.content}\n\n${message.content}` };
  }
  return joined;
}
