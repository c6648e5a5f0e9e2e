import type { ChatRequest, CompletionRequest, ContentChunk, Message, Sampling } from "#lib/engine/port/port.ts";
import { messagesJson, WireMessage } from "#lib/engine/port/wire-message.ts";
import type { UpstreamConfig } from "./config.ts";
import { saidIn } from "./incoming.ts";

type Features = NonNullable<UpstreamConfig["features"]>;

/** Fields beyond the port that inference servers share; all others go only to a server that declares them. */
const knownExtras = ["reasoning_effort"];

export const extrasTaken = ({ parameters = [] }: Features): ReadonlySet<string> =>
  new Set([...knownExtras, ...parameters]);

/** A body is sent in pieces where putting them together would copy this much. */
const longBytes = 65_536;

/** The body as bytes. Messages that came as bytes go out as they came, and no text is made of them. */
export function outgoingBytes(request: CompletionRequest, streamed: boolean, features: Features): Buffer | Buffer[] {
  const { messages, ...others } = outgoing(request, streamed, features);
  if (messages) return Buffer.from(JSON.stringify({ messages, ...others }));
  if (request.kind !== "chat") return Buffer.from(JSON.stringify(others));
  const { messages: all } = request;
  const listed = messagesJson(all, (message, at) => messageFields(message, at, all, features));
  const pieces = [opening, ...listed, closing, Buffer.from(JSON.stringify(others).slice(1))];
  return listed.some(({ length }) => length >= longBytes) ? pieces : Buffer.concat(pieces);
}

const opening = Buffer.from('{"messages":[');
const closing = Buffer.from("],");

/**
 * The body an OpenAI-compatible server understands. Made for every request, so it holds only what was asked for:
 * fields that are undefined are not written out.
 */
function outgoing(request: CompletionRequest, streamed: boolean, features: Features): Record<string, unknown> {
  const { sampling } = request;
  const body: Record<string, unknown> = {
    model: request.model,
    messages: request.kind === "chat" ? readableMessages(request, features) : undefined,
    prompt: request.kind === "fim" ? (request.tokens ?? request.prompt) : undefined,
    suffix: request.kind === "fim" && request.suffix !== "" ? request.suffix : undefined,
    temperature: temperatureOf(sampling, features),
    top_p: sampling.topP,
    max_tokens: sampling.maxTokens,
    min_tokens: sampling.minTokens,
    seed: sampling.seed,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    stop: sampling.stop.length > 0 ? sampling.stop : undefined,
    stream: streamed,
    stream_options: streamed && features.streamOptions !== false ? { include_usage: true } : undefined,
  };
  for (const name in request.extras) if (isTaken(name, features)) body[name] = request.extras[name];
  if (request.kind === "chat") addChat(body, request, features);
  return body;
}

const isTaken = (name: string, { parameters }: Features): boolean =>
  knownExtras.includes(name) || (parameters?.includes(name) ?? false);

const temperatureOf = ({ temperature }: Sampling, { maxTemperature }: Features): number | undefined =>
  temperature === undefined || maxTemperature === undefined ? temperature : Math.min(temperature, maxTemperature);

function addChat(body: Record<string, unknown>, request: ChatRequest, { n }: Features): void {
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

/** The messages; nothing where some came as bytes. */
const readableMessages = ({ messages }: ChatRequest, features: Features): object[] | undefined =>
  messages.some((message) => message instanceof WireMessage)
    ? undefined
    : messages.map((message, at, all) => messageFields(message, at, all, features));

/**
 * Our ids of tool calls travel as they are: an upstream only compares them with each other. Where a customer left
 * them out, calls and answers are matched in order.
 */
function messageFields(message: Message, at: number, all: readonly Message[], features: Features): object {
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
    ...thoughtOf(message, features),
  };
}

/** What was thought before, where the upstream takes it back. */
function thoughtOf({ role, content, reasoning_content }: Message, features: Features) {
  if (!features.reasoning || role !== "assistant") return undefined;
  const thought = reasoning_content || saidIn({ message: { content } }).reasoning;
  return thought ? { reasoning_content: thought } : undefined;
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
