import { faultOfSchema } from "#lib/core/json-schema/fault.ts";
import { callsOf } from "./message.ts";
import { isGiven, isObject, type JsonObject, kindOfValue, type Report } from "./rules.ts";

const name = /^[a-zA-Z0-9_-]{1,64}$/;
export const callId = /^[a-zA-Z0-9]{9}$/;

/** The tools a conversation offers (C7, C8). */
export function checkTools(line: JsonObject, report: Report): void {
  if (isGiven(line.tools) && isGiven(line.available_tools)) report("C7", "tools", "has both tools and available_tools");
  for (const key of ["tools", "available_tools"] as const) {
    const tools = line[key];
    if (!isGiven(tools)) continue;
    if (!Array.isArray(tools)) report("C8", key, `${key} is ${kindOfValue(tools)}; write a list`);
    else for (const [at, tool] of tools.entries()) checkTool(tool, `${key}.${at}`, report);
  }
}

function checkTool(tool: unknown, path: string, report: Report): void {
  const called = isObject(tool) ? tool.function : undefined;
  const place = `${path}.function`;
  if (!isObject(called)) {
    report("C8", path, `${place} is ${kindOfValue(called)}; write name, description and parameters`);
    return;
  }
  checkName(called.name, `${place}.name`, "C8", report);
  if (typeof called.description !== "string")
    report("C8", `${place}.description`, `${place}.description is ${kindOfValue(called.description)}; write a text`);
  const { parameters } = called;
  if (!isObject(parameters)) {
    report("C8", `${place}.parameters`, `${place}.parameters is ${kindOfValue(parameters)}; write a JSON Schema`);
    return;
  }
  const fault = faultOfSchema(parameters);
  if (fault) report("C8", `${place}.parameters`, `${place}.parameters is no JSON Schema: ${fault}`);
}

function checkName(value: unknown, path: string, rule: "C8" | "T1", report: Report): void {
  if (typeof value === "string" && name.test(value)) return;
  report(rule, path, `${path} must be 1 to 64 letters, digits, _ or -`);
}

/** What is open while a conversation is followed: the calls of the answer before that wait for theirs. */
type Open = { waiting: Map<string, boolean>; calls: number; answers: number };

/** Calls and their answers, message by message (T1 to T4). */
export function checkCalls(messages: readonly unknown[], path: string, report: Report): void {
  let open: Open | null = null;
  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) continue;
    const place = `${path}.${at}`;
    if (message.role === "tool") checkAnswer(message, place, open, report);
    if (message.role !== "assistant") continue;
    if (open && open.answers < open.calls)
      report("T4", place, `${place}: ${counted(open.calls, "call")}, ${counted(open.answers, "answer")}`);
    open = openCalls(message, place, at === messages.length - 1, report);
  }
}

function openCalls(message: JsonObject, path: string, isLast: boolean, report: Report): Open {
  const waiting = new Map<string, boolean>();
  const calls = callsOf(message);
  for (const [at, call] of calls.entries()) {
    const place = `${path}.tool_calls.${at}`;
    checkCall(call, place, isLast, report);
    if (isObject(call) && typeof call.id === "string") waiting.set(call.id, false);
  }
  return { waiting, calls: calls.length, answers: 0 };
}

function checkCall(call: unknown, path: string, isLast: boolean, report: Report): void {
  if (!isObject(call)) {
    report("T1", path, `${path} is ${kindOfValue(call)}; write an object with id and function`);
    return;
  }
  const isId = typeof call.id === "string" && callId.test(call.id);
  if (!isId && !(isLast && !isGiven(call.id))) report("T1", `${path}.id`, `${path}.id must be 9 letters or digits`);
  const called = call.function;
  if (!isObject(called)) {
    report("T1", `${path}.function`, `${path}.function is ${kindOfValue(called)}; write name and arguments`);
    return;
  }
  checkName(called.name, `${path}.function.name`, "T1", report);
  if (!isJsonText(called.arguments)) {
    const place = `${path}.function.arguments`;
    report("T2", place, `${place} must be a string that holds JSON`);
  }
}

function isJsonText(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

function checkAnswer(message: JsonObject, path: string, open: Open | null, report: Report): void {
  const id = message.tool_call_id;
  if (open) open.answers += 1;
  if (open && open.calls > 0 && open.answers > open.calls) {
    report("T4", path, `${path}: ${counted(open.calls, "call")}, ${counted(open.answers, "answer")}`);
    return;
  }
  const place = `${path}.tool_call_id`;
  if (typeof id !== "string") report("T3", place, `${place} is ${kindOfValue(id)}; name the call it answers`);
  else if (!open?.waiting.has(id)) report("T3", place, `${place} answers no call`);
  else if (open.waiting.get(id)) report("T4", place, `${place} answers a call that has its answer`);
  else open.waiting.set(id, true);
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
