import type { ChatRequest, CompletionRequest } from "#lib/engine/port/port.ts";
import type { WireCall } from "./calls.ts";
import { fieldOf } from "./refusal.ts";

/** What upstreams send, as far as it is read; any part may be missing, null or something else. */
type WireText = {
  content?: unknown;
  reasoning_content?: unknown;
  reasoning?: unknown;
  thinking?: unknown;
  refusal?: unknown;
  tool_calls?: WireCall[] | null;
};
export type WireChoice = {
  index?: unknown;
  message?: WireText | null;
  delta?: WireText | null;
  text?: unknown;
  finish_reason?: unknown;
};
export type WireAnswer = { choices?: WireChoice[] | null; usage?: unknown; timings?: unknown };

export type Said = { content: string; reasoning: string };

/** What a choice says and thinks. Where thoughts come under two names, both are the same. */
export function saidIn({ delta, message, text }: WireChoice): Said {
  if (typeof text === "string") return { content: text, reasoning: "" };
  const said = delta ?? message ?? {};
  const { content, reasoning } = textsIn(said.content);
  const thought = [said.reasoning_content, said.reasoning, said.thinking].find(isText);
  // A refusal in words of its own is what is answered.
  return { content: content || textOf(said.refusal), reasoning: reasoning || textOf(thought) };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const textOf = (value: unknown): string => (isText(value) ? value : "");

function textsIn(content: unknown): Said {
  const said = { content: "", reasoning: "" };
  if (typeof content === "string") said.content = content;
  if (!Array.isArray(content)) return said;
  for (const chunk of content) {
    const type = fieldOf(chunk, "type");
    if (type === "text" || type === "output_text") said.content += textOf(fieldOf(chunk, "text"));
    if (type === "thinking" || type === "reasoning") said.reasoning += thoughtIn(chunk);
  }
  return said;
}

function thoughtIn(chunk: unknown): string {
  const thought = fieldOf(chunk, "thinking") ?? fieldOf(chunk, "text");
  return Array.isArray(thought) ? thought.map((part) => textOf(fieldOf(part, "text"))).join("") : textOf(thought);
}

export function callsIn({ delta, message }: WireChoice): { calls: readonly WireCall[]; isWhole: boolean } {
  const calls = (delta ?? message)?.tool_calls;
  return { calls: Array.isArray(calls) ? calls.filter(isObject) : [], isWhole: !delta };
}

export const choicesIn = ({ choices }: WireAnswer): readonly WireChoice[] => (Array.isArray(choices) ? choices : []);

/** The place a choice has in the answer; one that no one asked for, or that is none, has none. */
export function placeOf(choice: unknown, at: number, n: number): number | undefined {
  if (!isObject(choice)) return undefined;
  const index = fieldOf(choice, "index");
  if (isPlace(index, n)) return index;
  return at < n ? at : undefined;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

export const isPlace = (index: unknown, count: number): index is number =>
  Number.isInteger(index) && (index as number) >= 0 && (index as number) < count;

/** Where JSON was asked for, an answer that is none ends with "error": the text is passed on, the promise is not. */
export function keepsFormat(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const wantsJson = (request: CompletionRequest): request is ChatRequest =>
  request.kind === "chat" && request.responseFormat.type !== "text";
