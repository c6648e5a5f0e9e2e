import { AppError } from "#lib/core/errors.ts";
import { type ChatInput, chatParameters, type FimInput, fimParameters } from "#lib/engine/port/input.ts";
import { sorted } from "#lib/engine/port/parameters.ts";
import type {
  ChatRequest,
  Choice,
  ContentChunk,
  FimRequest,
  FinishReason,
  Message,
  Sampling,
  ToolCall,
} from "#lib/engine/port/port.ts";
import { WireMessage } from "#lib/engine/port/wire-message.ts";
import { toolsAsked } from "./tools-asked.ts";

// Our own wording of what `safe_prompt` asks for.
const safePrompt =
  "Answer with care: be helpful, truthful and respectful, and do not produce content that is harmful, hateful, deceptive or illegal.";

const followers: Record<string, readonly Message["role"][]> = {
  start: ["system", "user", "assistant"],
  system: ["system", "user", "assistant"],
  user: ["system", "user", "assistant"],
  assistant: ["system", "user", "assistant", "tool"],
  tool: ["system", "user", "assistant", "tool"],
};

/** The order a conversation must have for a model to answer it. Throws the error the field's clients know. */
export function checkOrder(messages: readonly Message[]): void {
  let previous: string = "start";
  for (const message of messages) {
    if (!followers[previous]?.includes(message.role)) {
      throw misordered(`Unexpected role '${message.role}' after role '${previous}'`);
    }
    previous = message.role;
  }
  const last = messages.at(-1);
  if (last?.role === "system" || (last?.role === "assistant" && last.prefix !== true)) {
    throw misordered(
      `Expected last role User or Tool (or Assistant with prefix True) for serving but got ${last.role}`,
    );
  }
}

const misordered = (message: string): AppError =>
  new AppError("invalid", message, { code: "invalid_request_message_order", fields: { messages: [message] } });

type Own = {
  minTokens?: number | null | undefined;
  presence?: number | null | undefined;
  frequency?: number | null | undefined;
};

const samplingOf = (input: ChatInput | FimInput, { minTokens, presence, frequency }: Own): Sampling => ({
  temperature: input.temperature ?? undefined,
  topP: input.top_p ?? undefined,
  maxTokens: input.max_tokens ?? input.max_completion_tokens ?? undefined,
  minTokens: minTokens ?? undefined,
  seed: input.random_seed ?? input.seed ?? undefined,
  presencePenalty: presence ?? undefined,
  frequencyPenalty: frequency ?? undefined,
  stop: input.stop ? [input.stop].flat().filter((text) => text !== "") : [],
});

/** What an engine is asked, from what the customer sent. */
export function chatRequest(input: ChatInput, upstreamModel: string, takes?: ReadonlySet<string>): ChatRequest {
  const messages: Message[] = input.safe_prompt
    ? [{ role: "system", content: safePrompt }, ...input.messages]
    : input.messages;
  return {
    kind: "chat",
    model: upstreamModel,
    messages,
    sampling: samplingOf(input, { presence: input.presence_penalty, frequency: input.frequency_penalty }),
    n: input.n ?? 1,
    ...toolsAsked(input),
    parallelToolCalls: input.parallel_tool_calls ?? true,
    responseFormat: format(input),
    extras: sorted(chatParameters, input, takes).extras,
  };
}

export function fimRequest(input: FimInput, upstreamModel: string, takes?: ReadonlySet<string>): FimRequest {
  return {
    kind: "fim",
    model: upstreamModel,
    prompt: input.prompt,
    suffix: input.suffix ?? "",
    sampling: samplingOf(input, {
      minTokens: input.min_tokens,
      presence: input.presence_penalty,
      frequency: input.frequency_penalty,
    }),
    extras: sorted(fimParameters, input, takes).extras,
  };
}

function format({ response_format: asked }: ChatInput): ChatRequest["responseFormat"] {
  if (asked?.type === "json_schema") {
    const { strict, ...schema } = asked.json_schema;
    return { type: "json_schema", json_schema: { ...schema, strict: strict ?? undefined } };
  }
  return asked?.type === "json_object" ? { type: "json_object" } : { type: "text" };
}

/** The text of a request, for counting it when an engine could not say what it read. */
export function textOf(request: ChatRequest | FimRequest): string {
  if (request.kind === "fim") return request.prompt + request.suffix;
  return request.messages.map(({ content }) => contentText(content)).join("\n");
}

export const contentText = (content: Message["content"]): string =>
  typeof content === "string" ? content : (content ?? []).map((chunk) => chunk.text ?? "").join("");

/** The first content chunk that is something other than text. */
export function otherThanText(messages: readonly Message[]): ContentChunk | undefined {
  for (const message of messages) {
    // One that came as bytes has nothing but text.
    if (message instanceof WireMessage || !Array.isArray(message.content)) continue;
    const { content } = message;
    const other = content.find(({ type }) => type !== "text" && type !== "thinking" && type !== "reference");
    if (other) return other;
  }
  return undefined;
}

/** Only text goes to a model that takes nothing else. */
export function refuseOtherThanText(messages: readonly Message[], model: string): void {
  const other = otherThanText(messages);
  if (other)
    throw new AppError("invalid", `${model} takes text only, not ${other.type} chunks.`, {
      code: "unsupported_content",
    });
}

export type Usage = { promptTokens: number; cachedTokens: number; completionTokens: number };

export const usageOnWire = ({ promptTokens, cachedTokens, completionTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
});

/** One choice of a whole answer. A call's place among others is told in streams alone, where pieces need it. */
export function choiceOnWire({ index, message, finish_reason }: Choice) {
  const tool_calls = message.tool_calls?.map(({ id, type, function: called }) => ({ id, type, function: called }));
  return { index, message: { ...message, tool_calls: tool_calls ?? null }, finish_reason };
}

type Piece = {
  index: number;
  first: boolean;
  content?: string | undefined;
  toolCalls?: ToolCall[] | undefined;
  finish: FinishReason | null;
};

/** One choice of a chunk. Keys are always there: some clients throw when `finish_reason` is missing. */
export function pieceOnWire({ index, first, content, toolCalls, finish }: Piece) {
  const delta = {
    ...(first ? { role: "assistant" } : {}),
    ...(content !== undefined || !toolCalls ? { content: content ?? "" } : {}),
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
  };
  return { index, delta, finish_reason: finish };
}
