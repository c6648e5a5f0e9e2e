import { isGiven, isObject, type JsonObject, kindOfValue, type Report } from "./rules.ts";

export const roles = ["system", "user", "assistant", "tool"] as const;
export type Role = (typeof roles)[number];

export const isRole = (value: unknown): value is Role => roles.some((role) => role === value);

/** What a message says, under either of its names. */
export const contentOf = (message: JsonObject): unknown => (isGiven(message.content) ? message.content : message.text);

/** Calls of tools; an empty list is none. */
export const callsOf = ({ tool_calls }: JsonObject): unknown[] => (Array.isArray(tool_calls) ? tool_calls : []);

/** The rules of one message by itself. */
export function checkMessage(message: unknown, path: string, report: Report): void {
  if (!isObject(message)) {
    report("M1", path, `${path} is ${kindOfValue(message)}; write an object with role and content`);
    return;
  }
  checkRole(message.role, path, report);
  checkContent(message, path, report);
  checkWeight(message, path, report);
}

function checkRole(role: unknown, path: string, report: Report): void {
  if (isRole(role)) return;
  const said = typeof role === "string" ? JSON.stringify(role.slice(0, 20)).slice(1, -1) : kindOfValue(role);
  report("M1", `${path}.role`, `${path}.role is ${said}; system, user, assistant and tool are known`);
}

function checkContent(message: JsonObject, path: string, report: Report): void {
  const isAnswer = message.role === "assistant";
  const isDouble = isGiven(message.content) && isGiven(message.text);
  const content = contentOf(message);
  const hasCalls = isAnswer && hasToolCalls(message, path, report);
  if (isDouble) report("M2", path, `${path} has both content and text`);
  else if (hasCalls && isGiven(content)) report("M4", path, `${path} has content and tool_calls; give one`);
  else if (!hasCalls && !isGiven(content)) {
    if (isAnswer) report("M4", path, `${path} has neither content nor tool_calls`);
    else report("M2", path, `${path} has neither content nor text`);
  } else if (isGiven(content)) checkWords(message, content, path, report);
}

function hasToolCalls(message: JsonObject, path: string, report: Report): boolean {
  const { tool_calls: calls } = message;
  if (!isGiven(calls)) return false;
  if (Array.isArray(calls)) return calls.length > 0;
  report("M4", `${path}.tool_calls`, `${path}.tool_calls is ${kindOfValue(calls)}; write a list`);
  return false;
}

function checkWords(message: JsonObject, content: unknown, path: string, report: Report): void {
  const name = isGiven(message.content) ? "content" : "text";
  const place = `${path}.${name}`;
  if (typeof content !== "string") {
    const why = hasImage(content) ? "has an image; images are not learned from" : `is ${kindOfValue(content)}`;
    report("M3", place, `${place} ${why}`);
  } else if (message.role === "assistant" && message.weight !== 0 && content.trim() === "")
    report("K2", place, `${path} has an empty answer`);
}

const hasImage = (content: unknown): boolean =>
  Array.isArray(content) && content.some((chunk) => isObject(chunk) && /image/.test(String(chunk.type)));

function checkWeight({ role, weight }: JsonObject, path: string, report: Report): void {
  if (!isGiven(weight)) return;
  const place = `${path}.weight`;
  if (role !== "assistant")
    report("M5", place, `${place} stands on another message; weight belongs to assistant messages`);
  else if (weight !== 0 && weight !== 1) {
    const said = typeof weight === "number" ? String(weight) : kindOfValue(weight);
    report("M5", place, `${place} is ${said}; 0 or 1`);
  }
}
