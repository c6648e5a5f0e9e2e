import { createHash } from "node:crypto";
import type { Note } from "./mend.ts";
import { callsOf } from "./message.ts";
import { isGiven, isObject, type JsonObject } from "./rules.ts";
import { callId } from "./tools.ts";

/** A call that waits for its answer, by the id it had and the one it has. */
type Waiting = { before: unknown; id: unknown };

/** Gives calls ids of the right form, which their answers follow, and writes their arguments as text. */
export function mendCalls(messages: readonly JsonObject[], note: Note): JsonObject[] {
  let waiting: Waiting[] = [];
  return messages.map((message, at) => {
    if (message.role === "assistant") {
      const isLast = at === messages.length - 1;
      const mended = mendAsked(message, at, isLast, note);
      waiting = callsOf(message).map((call, index) => ({ before: idOf(call), id: idOf(callsOf(mended)[index]) }));
      return mended;
    }
    return message.role === "tool" ? mendAnswer(message, waiting, note) : message;
  });
}

const idOf = (call: unknown): unknown => (isObject(call) ? call.id : undefined);

function mendAsked(message: JsonObject, at: number, isLast: boolean, note: Note): JsonObject {
  const calls = callsOf(message);
  if (calls.length === 0) return message;
  return { ...message, tool_calls: calls.map((call, index) => mendCall(call, `${at}.${index}`, isLast, note)) };
}

function mendCall(call: unknown, place: string, isLast: boolean, note: Note): unknown {
  if (!isObject(call)) return call;
  const isRight = typeof call.id === "string" && callId.test(call.id);
  const isNeeded = !isRight && !(isLast && !isGiven(call.id));
  if (isNeeded) note("T1");
  const id = isNeeded ? { id: madeId(`${place} ${JSON.stringify(call.id)}`) } : {};
  return { ...call, ...id, ...mendArguments(call, note) };
}

/** The same each time the same line is mended. */
const madeId = (from: string): string => createHash("sha256").update(from).digest("hex").slice(0, 9);

function mendArguments({ function: called }: JsonObject, note: Note): JsonObject {
  if (!isObject(called)) return {};
  const { arguments: given } = called;
  if (typeof given !== "object" || given === null) return {};
  note("T2");
  return { function: { ...called, arguments: JSON.stringify(given) } };
}

function mendAnswer(message: JsonObject, waiting: Waiting[], note: Note): JsonObject {
  const given = message.tool_call_id;
  const at = isGiven(given) ? waiting.findIndex(({ before }) => before === given) : -1;
  const isOnly = at < 0 && waiting.length === 1;
  const [call] = waiting.splice(isOnly ? 0 : at, at >= 0 || isOnly ? 1 : 0);
  if (!call || call.id === given) return message;
  note(isOnly ? "T3" : "T1");
  return { ...message, tool_call_id: call.id };
}
