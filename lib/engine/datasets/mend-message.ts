import type { Note } from "./mend.ts";
import { callsOf, isRole } from "./message.ts";
import { isGiven, isObject, type JsonObject } from "./rules.ts";

const otherRoles: Record<string, string> = { human: "user", gpt: "assistant", bot: "assistant" };

/** What can be mended in a message by itself. */
export function mendMessage(given: JsonObject, note: Note): JsonObject {
  const steps = [renameKeys, renameRole, joinChunks, dropEmpty, mendWeight];
  return steps.reduce((message, step) => step(message, note), given);
}

/** `from` and `value`, as some tools call them. */
function renameKeys(message: JsonObject, note: Note): JsonObject {
  const { from, value, ...rest } = message;
  const hasRole = isGiven(message.role) || typeof from !== "string";
  const hasContent = isGiven(message.content) || isGiven(message.text) || typeof value !== "string";
  if (hasRole && hasContent) return message;
  note("M1");
  return {
    ...rest,
    ...(hasRole ? (isGiven(from) ? { from } : {}) : { role: from }),
    ...(hasContent ? (isGiven(value) ? { value } : {}) : { content: value }),
  };
}

function renameRole(message: JsonObject, note: Note): JsonObject {
  const { role } = message;
  const other = typeof role === "string" && !isRole(role) && Object.hasOwn(otherRoles, role) && otherRoles[role];
  if (!other) return message;
  note("M1");
  return { ...message, role: other };
}

function joinChunks(message: JsonObject, note: Note): JsonObject {
  const { content } = message;
  if (!Array.isArray(content) || content.length === 0) return message;
  const texts = content.map((chunk) => (isObject(chunk) && chunk.type === "text" ? chunk.text : undefined));
  if (!texts.every((text) => typeof text === "string")) return message;
  note("M3");
  return { ...message, content: texts.join("") };
}

/** Beside calls an empty content says nothing. */
function dropEmpty(message: JsonObject, note: Note): JsonObject {
  const { content, ...rest } = message;
  if (message.role !== "assistant" || callsOf(message).length === 0) return message;
  if (typeof content !== "string" || content.trim() !== "") return message;
  note("M4");
  return rest;
}

function mendWeight(message: JsonObject, note: Note): JsonObject {
  const { weight, ...rest } = message;
  if (!isGiven(weight) || (message.role === "assistant" && (weight === 0 || weight === 1))) return message;
  note("M5");
  const isMore = message.role === "assistant" && typeof weight === "number" && weight > 0;
  return isMore ? { ...rest, weight: 1 } : rest;
}
