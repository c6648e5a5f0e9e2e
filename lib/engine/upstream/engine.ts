import type {
  ChatRequest,
  Completion,
  CompletionRequest,
  CompletionStream,
  Embeddings,
  Engine,
} from "#lib/engine/port.ts";
import { joinCompletions, joinStreams, split } from "./choices.ts";
import { type Client, createClient } from "./client.ts";
import type { UpstreamConfig } from "./config.ts";
import { estimateTokens } from "./estimate.ts";
import { completionOf, usageOf, type WireAnswer, type WireUsage } from "./incoming.ts";
import { outgoing } from "./outgoing.ts";
import { errorInside, unavailable } from "./refusal.ts";
import { openStream } from "./stream.ts";

/** Any OpenAI-compatible server: vLLM, llama.cpp, Ollama, a vendor. */
export function createUpstreamEngine(config: UpstreamConfig): Engine {
  const client = createClient(config);
  const features = config.features ?? {};
  const isSplit = (request: CompletionRequest): request is ChatRequest =>
    request.kind === "chat" && request.n > 1 && !features.n;

  const completeOne = async (request: CompletionRequest, signal: AbortSignal): Promise<Completion> => {
    const answer = await ask(client, pathOf(request), outgoing(request, false, features), signal);
    return completionOf(answer as WireAnswer, request);
  };
  const streamOne = async (request: CompletionRequest, signal: AbortSignal): Promise<CompletionStream> => {
    const answer = await client.post(pathOf(request), outgoing(request, true, features), signal);
    return openStream(answer, request, client, signal);
  };

  return {
    async complete(request, signal) {
      if (!isSplit(request)) return completeOne(request, signal);
      return together(split(request), signal, completeOne).then(({ results }) => joinCompletions(results));
    },
    async stream(request, signal) {
      if (!isSplit(request)) return streamOne(request, signal);
      const { results, stop } = await together(split(request), signal, streamOne);
      return joinStreams(results, stop);
    },
    async embed({ model, inputs, dimensions }, signal) {
      const body = { model, input: inputs, dimensions, encoding_format: "float" };
      return embeddingsOf(await ask(client, "/embeddings", body, signal), inputs);
    },
    countTokens: estimateTokens,
    close: client.close,
  };
}

const pathOf = ({ kind }: CompletionRequest): string => (kind === "chat" ? "/chat/completions" : "/completions");

/** The whole answer as it is; an error that came with status 200 is thrown. */
async function ask(client: Client, path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const text = await client.ask(path, body, signal);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw unavailable(error);
  }
  const inside = errorInside(parsed);
  if (inside) throw inside;
  return parsed ?? {};
}

/** Runs the same work for several requests; the first that fails stops the others. */
async function together<Result>(
  requests: readonly ChatRequest[],
  signal: AbortSignal,
  work: (request: ChatRequest, signal: AbortSignal) => Promise<Result>,
): Promise<{ results: Result[]; stop: () => void }> {
  const own = new AbortController();
  const both = AbortSignal.any([signal, own.signal]);
  const stop = (): void => own.abort();
  try {
    return { results: await Promise.all(requests.map((request) => work(request, both))), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

type WireEmbeddings = { data?: { index?: number | null; embedding?: unknown }[] | null; usage?: WireUsage | null };

function embeddingsOf(answer: unknown, inputs: readonly string[]): Embeddings {
  const { data, usage } = answer as WireEmbeddings;
  if (!Array.isArray(data) || data.length !== inputs.length) throw unavailable();
  const vectors: number[][] = [];
  data.forEach(({ index, embedding }, at) => {
    if (Array.isArray(embedding)) vectors[index ?? at] = embedding;
  });
  for (let at = 0; at < inputs.length; at++) if (!vectors[at]) throw unavailable();
  const promptTokens = usageOf(usage)?.promptTokens ?? inputs.reduce((sum, input) => sum + estimateTokens(input), 0);
  return { vectors, promptTokens };
}
