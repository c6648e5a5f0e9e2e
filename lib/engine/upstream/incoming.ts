import type {
  ChatRequest,
  Choice,
  Completion,
  CompletionRequest,
  EngineUsage,
  FinishReason,
  ToolCall,
} from "#lib/engine/port/port.ts";
import { isToolCallId, toolCallId } from "#lib/engine/port/tool-call-id.ts";
import { estimatePrompt, estimateTokens } from "./estimate.ts";
import { unavailable } from "./refusal.ts";

/** What upstreams send, as far as it is read; any part may be missing or null. */
export type WireCall = {
  id?: string | null;
  index?: number | null;
  function?: { name?: string | null; arguments?: unknown } | null;
};
type WireText = { content?: unknown; tool_calls?: WireCall[] | null };
export type WireChoice = {
  index?: number | null;
  message?: WireText | null;
  delta?: WireText | null;
  text?: string | null;
  finish_reason?: string | null;
};
export type WireUsage = {
  prompt_tokens?: number | null;
  completion_tokens?: number | null;
  prompt_tokens_details?: { cached_tokens?: number | null } | null;
};
export type WireAnswer = { choices?: WireChoice[] | null; usage?: WireUsage | null };

const reasons: Record<string, FinishReason> = {
  stop: "stop",
  length: "length",
  model_length: "model_length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
};

/** The port's reason: none means a plain end, an unknown one an error; calls always end with `tool_calls`. */
export function finishOf(reason: string | null | undefined, hasCalls: boolean): FinishReason {
  const known = reason === null || reason === undefined ? "stop" : (reasons[reason] ?? "error");
  return hasCalls && known === "stop" ? "tool_calls" : known;
}

export function completionOf(answer: WireAnswer, request: CompletionRequest): Completion {
  if (!Array.isArray(answer.choices) || answer.choices.length === 0) throw unavailable();
  const choices = answer.choices.map((choice, at) => choiceOf(choice, at, request));
  return { choices, usage: usageOf(answer.usage) ?? estimated(choices, request) };
}

function choiceOf({ index, message, text, finish_reason }: WireChoice, at: number, request: CompletionRequest): Choice {
  const calls = message?.tool_calls?.length ? message.tool_calls.map(callOf) : null;
  const content = text ?? plainText(message?.content);
  const finish = finishOf(finish_reason, calls !== null);
  return {
    index: index ?? at,
    message: {
      role: "assistant",
      content: calls ? (content ?? null) : (content ?? ""),
      tool_calls: calls,
      prefix: false,
    },
    finish_reason: finish === "stop" && !keepsFormat(content ?? "", request) ? "error" : finish,
  };
}

/** Text of a content in either form; what is not text, such as thinking, is left out. */
export function plainText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  return content.map((chunk) => (typeof chunk?.text === "string" && chunk.type === "text" ? chunk.text : "")).join("");
}

export const callOf = ({ id, function: called }: WireCall, index: number): ToolCall => ({
  id: isToolCallId(id) ? id : toolCallId(),
  type: "function",
  index,
  function: { name: called?.name ?? "", arguments: argumentsOf(called?.arguments) },
});

export function argumentsOf(value: unknown): string {
  if (typeof value === "string") return value === "" ? "{}" : value;
  return JSON.stringify(value ?? {});
}

/** Where JSON was asked for, an answer that is none ends with "error": the text is passed on, the promise is not. */
export function keepsFormat(text: string, request: CompletionRequest): boolean {
  if (!wantsJson(request)) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const wantsJson = (request: CompletionRequest): request is ChatRequest =>
  request.kind === "chat" && request.responseFormat.type !== "text";

export function usageOf(usage: WireUsage | null | undefined): EngineUsage | undefined {
  const promptTokens = countOf(usage?.prompt_tokens);
  if (promptTokens === undefined) return undefined;
  return {
    promptTokens,
    cachedTokens: Math.min(promptTokens, countOf(usage?.prompt_tokens_details?.cached_tokens) ?? 0),
    completionTokens: countOf(usage?.completion_tokens) ?? 0,
  };
}

const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

function estimated(choices: readonly Choice[], request: CompletionRequest): EngineUsage {
  const written = choices.map(({ message }) => (message.content ?? "") + callsText(message.tool_calls ?? []));
  return {
    promptTokens: estimatePrompt(request),
    cachedTokens: 0,
    completionTokens: written.reduce((sum, text) => sum + estimateTokens(text), 0),
  };
}

export const callsText = (calls: readonly ToolCall[]): string =>
  calls.map(({ function: called }) => called.name + called.arguments).join("");
