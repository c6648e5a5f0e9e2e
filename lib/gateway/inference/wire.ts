import { AppError } from "#lib/core/errors.ts";
import { type ChatInput, chatParameters, type FimInput, fimParameters } from "#lib/engine/port/input.ts";
import { sorted } from "#lib/engine/port/parameters.ts";
import type {
  CallPiece,
  ChatRequest,
  Choice,
  CompletionRequest,
  ContentChunk,
  Delta,
  FimRequest,
  Message,
  Sampling,
} from "#lib/engine/port/port.ts";
import { WireMessage } from "#lib/engine/port/wire-message.ts";
import type { Dialect } from "./dialect.ts";
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

/** A request before it is known how much it may take. */
export type Unheld<R extends CompletionRequest> = Omit<R, "bounds">;

/** What an engine is asked, from what the customer sent. */
export function chatRequest(input: ChatInput, upstreamModel: string, takes?: ReadonlySet<string>): Unheld<ChatRequest> {
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

export function fimRequest(input: FimInput, upstreamModel: string, takes?: ReadonlySet<string>): Unheld<FimRequest> {
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
export function textOf(request: Unheld<ChatRequest> | Unheld<FimRequest>): string {
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

/** Text and thoughts as a dialect has them: apart from each other, or as chunks of one content. */
function contentOnWire(dialect: Dialect, content: string | null | undefined, reasoning: string | undefined) {
  if (!reasoning) return { content };
  if (dialect !== "mistral") return { content, reasoning_content: reasoning };
  const thinking = { type: "thinking", thinking: [{ type: "text", text: reasoning }] };
  return { content: content ? [thinking, { type: "text", text: content }] : [thinking] };
}

/** One choice of a whole answer. A call's place among others is told in streams alone, where pieces need it. */
export function choiceOnWire({ index, message, finish_reason }: Choice, dialect: Dialect) {
  const { role, content, reasoning, prefix } = message;
  const tool_calls =
    message.tool_calls?.map(({ id, type, function: called }) => ({ id, type, function: called })) ?? null;
  return { index, message: { role, ...contentOnWire(dialect, content, reasoning), tool_calls, prefix }, finish_reason };
}

type CallOnWire = { index: number; id?: string; type?: "function"; function: { name?: string; arguments: string } };

export const callPieceOnWire = ({ index, id, name, arguments: text }: CallPiece): CallOnWire => ({
  index,
  ...(id && { id, type: "function" }),
  function: { ...(name && { name }), arguments: text },
});

type Piece = Pick<Delta, "index" | "content" | "reasoning" | "finish"> & {
  first: boolean;
  calls?: readonly CallOnWire[] | undefined;
};

/** One choice of a chunk. Keys are always there: some clients throw when `finish_reason` is missing. */
export function pieceOnWire({ index, first, content, reasoning, calls, finish }: Piece, dialect: Dialect) {
  const delta = {
    ...(first ? { role: "assistant" } : {}),
    ...(content !== undefined || !calls ? contentOnWire(dialect, content ?? "", reasoning) : {}),
    ...(calls ? { tool_calls: calls } : {}),
  };
  return { index, delta, finish_reason: finish };
}
