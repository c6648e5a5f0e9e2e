import type { ChatRequest, CompletionRequest, ContentChunk, FimRequest, Message, Sampling } from "#lib/engine/port.ts";
import type { UpstreamConfig } from "./config.ts";

type Features = NonNullable<UpstreamConfig["features"]>;

/** Fields beyond the port that inference servers share; all others are ours or the official platform's alone. */
const knownExtras = ["user", "reasoning_effort"];

type Body = Record<string, unknown>;

/** The body an OpenAI-compatible server understands. Made for every request, so it holds only what was asked for. */
export function outgoing(request: CompletionRequest, streamed: boolean, features: Features): Body {
  const body: Body = { model: request.model };
  if (request.kind === "chat") addChat(body, request, features);
  else addGap(body, request);
  addSampling(body, request.sampling);
  body.stream = streamed;
  if (streamed && features.streamOptions !== false) body.stream_options = { include_usage: true };
  return body;
}

const samplingNames = [
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["maxTokens", "max_tokens"],
  ["minTokens", "min_tokens"],
  ["seed", "seed"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
] as const satisfies [keyof Sampling, string][];

function addSampling(body: Body, sampling: Sampling): void {
  for (const [ours, theirs] of samplingNames) if (sampling[ours] !== undefined) body[theirs] = sampling[ours];
  if (sampling.stop.length > 0) body.stop = sampling.stop;
}

function addGap(body: Body, { prompt, suffix }: FimRequest): void {
  body.prompt = prompt;
  if (suffix !== "") body.suffix = suffix;
}

function addChat(body: Body, request: ChatRequest, { n }: Features): void {
  for (const name of knownExtras) if (request.extras[name] !== undefined) body[name] = request.extras[name];
  body.messages = request.messages.map((message, at) => messageFields(message, at, request.messages));
  if (n && request.n > 1) body.n = request.n;
  if (request.tools.length > 0) Object.assign(body, toolFields(request));
  if (request.responseFormat.type !== "text") body.response_format = formatOf(request);
}

function toolFields({ tools, toolChoice, parallelToolCalls }: ChatRequest): Record<string, unknown> {
  const named = typeof toolChoice === "object" ? { type: "function", function: { name: toolChoice.name } } : toolChoice;
  return {
    tools,
    tool_choice: named === "any" ? "required" : named,
    parallel_tool_calls: parallelToolCalls ? undefined : false,
  };
}

function formatOf({ responseFormat }: ChatRequest): unknown {
  if (responseFormat.type === "text") return undefined;
  if (responseFormat.type === "json_object") return { type: "json_object" };
  const { name, schema, strict, description } = responseFormat.json_schema;
  return { type: "json_schema", json_schema: { name, schema, strict, description: description ?? undefined } };
}

/**
 * Our ids of tool calls travel as they are: an upstream only compares them with each other. Where a customer left
 * them out, calls and answers are matched in order.
 */
function messageFields(message: Message, at: number, all: readonly Message[]): Record<string, unknown> {
  const { role, content, tool_calls, tool_call_id, name, prefix } = message;
  return {
    role,
    content: contentOf(content),
    tool_calls: tool_calls?.map((call, index) => ({
      id: call.id ?? standIn(index),
      type: "function",
      function: { name: call.function.name, arguments: textOf(call.function.arguments) },
    })),
    tool_call_id: role === "tool" ? (tool_call_id ?? standIn(answersBefore(all, at))) : undefined,
    name: name ?? undefined,
    prefix: prefix === true ? true : undefined,
  };
}

const standIn = (index: number): string => `call${String(index).padStart(5, "0")}`;
const textOf = (value: string | Record<string, unknown>): string =>
  typeof value === "string" ? value : JSON.stringify(value);

function answersBefore(messages: readonly Message[], at: number): number {
  let count = 0;
  while (messages[at - count - 1]?.role === "tool") count++;
  return count;
}

/** Chunks of text become one text, because many chat templates take nothing else. */
function contentOf(content: Message["content"]): unknown {
  if (!Array.isArray(content)) return content ?? null;
  const kept = content.filter(({ type }) => type !== "thinking" && type !== "reference");
  if (kept.every(({ type }) => type === "text")) return kept.map(({ text = "" }) => text).join("\n");
  return kept.map(chunkOf);
}

const chunkOf = (chunk: ContentChunk): ContentChunk =>
  chunk.type === "image_url" && typeof chunk.image_url === "string"
    ? { ...chunk, image_url: { url: chunk.image_url } }
    : chunk;
