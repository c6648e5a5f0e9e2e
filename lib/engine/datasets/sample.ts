import { messagesKey } from "./conversation.ts";
import { callsOf, contentOf, isRole, type Role } from "./message.ts";
import { isGiven, isObject, type JsonObject } from "./rules.ts";

export type SampleCall = { id: string; name: string; arguments: string };
export type SampleMessage = { role: Role; content: string; weight: number; toolCalls: SampleCall[] };

/** What a right line teaches: a conversation, or a text. */
export type Sample = { messages: SampleMessage[]; hasTools: boolean } | { text: string };

/** Of a line that is right. A request of a batch teaches nothing. */
export function sampleOf(line: JsonObject): Sample | null {
  const messages = line[messagesKey(line)];
  if (Array.isArray(messages)) {
    const tools = [line.tools, line.available_tools].some((list) => Array.isArray(list) && list.length > 0);
    return { messages: messages.filter(isObject).map(messageOf), hasTools: tools };
  }
  return typeof line.text === "string" ? { text: line.text } : null;
}

function messageOf(message: JsonObject): SampleMessage {
  const { role, weight } = message;
  const content = contentOf(message);
  return {
    role: isRole(role) ? role : "user",
    content: typeof content === "string" ? content : "",
    // Only answers are learned from.
    weight: role !== "assistant" || weight === 0 ? 0 : 1,
    toolCalls: callsOf(message).filter(isObject).map(callOf),
  };
}

function callOf({ id, function: called }: JsonObject): SampleCall {
  const { name, arguments: given } = isObject(called) ? called : {};
  return { id: isGiven(id) ? String(id) : "", name: String(name), arguments: String(given) };
}
