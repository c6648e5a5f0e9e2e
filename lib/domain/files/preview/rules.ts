/** A line as people read it: a conversation, a text, or what it is where it is neither. */
export type LineView =
  | { kind: "conversation"; messages: MessageView[]; tools: string[] }
  | { kind: "text"; text: string }
  | { kind: "raw"; text: string };

export type MessageView = {
  role: string;
  content: string;
  /** What is not learned from. */
  isMuted: boolean;
  calls: { name: string; arguments: string }[];
};

type Values = Record<string, unknown>;
const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null;

/** Reads a line as far as it can be read; it may be wrong. */
export function lineView(text: string): LineView {
  const value = parsed(text);
  if (!isObject(value)) return { kind: "raw", text };
  const messages = [value.messages, value.interactions, value.conversations].find(Array.isArray);
  if (messages) return { kind: "conversation", messages: messages.map(messageView), tools: toolsOf(value) };
  return typeof value.text === "string" ? { kind: "text", text: value.text } : { kind: "raw", text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageView(message: unknown): MessageView {
  const { role, from, content, text, value, weight, tool_calls: calls }: Values = isObject(message) ? message : {};
  return {
    role: String(role ?? from ?? "?"),
    content: words(content ?? text ?? value ?? ""),
    isMuted: weight === 0,
    calls: (Array.isArray(calls) ? calls : []).map(callView),
  };
}

function callView(call: unknown): MessageView["calls"][number] {
  const called = isObject(call) && isObject(call.function) ? call.function : {};
  return { name: words(called.name ?? "?"), arguments: words(called.arguments ?? "") };
}

const words = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function toolsOf({ tools, available_tools: others }: Values): string[] {
  const list = Array.isArray(tools) ? tools : others;
  return (Array.isArray(list) ? list : []).map((tool) =>
    isObject(tool) && isObject(tool.function) ? words(tool.function.name ?? "?") : "?",
  );
}
