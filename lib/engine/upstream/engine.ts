import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type {
  ChatRequest,
  Completion,
  CompletionRequest,
  CompletionStream,
  Embeddings,
  Engine,
} from "#lib/engine/port/port.ts";
import { joinCompletions, joinStreams, split } from "./choices.ts";
import { createClient } from "./client.ts";
import type { UpstreamConfig } from "./config.ts";
import { estimateTokens } from "./estimate.ts";
import { completionOf, usageOf, type WireAnswer, type WireUsage } from "./incoming.ts";
import { moderationsOf } from "./moderations.ts";
import { extrasTaken, outgoing } from "./outgoing.ts";
import { errorInside, unavailable } from "./refusal.ts";
import { openStream } from "./stream.ts";

/** Any OpenAI-compatible server: vLLM, llama.cpp, Ollama, a vendor. */
export function createUpstreamEngine(config: UpstreamConfig): Engine {
  const client = createClient(config);
  const features = config.features ?? {};
  const isSplit = (request: CompletionRequest): request is ChatRequest =>
    request.kind === "chat" && request.n > 1 && !features.n;

  const completeOne: Work<Completion> = async (request, cancellation) => {
    const text = await client.ask(pathOf(request), outgoing(request, false, features), cancellation);
    return completionOf(parsed(text) as WireAnswer, request);
  };
  const streamOne: Work<CompletionStream> = async (request, cancellation) => {
    const answer = await client.post(pathOf(request), outgoing(request, true, features), cancellation);
    return openStream(answer, request, client, cancellation);
  };

  return {
    takes: extrasTaken(features),
    takesTokens: features.tokenInputs,
    complete(request, cancellation) {
      if (!isSplit(request)) return completeOne(request, cancellation);
      return together(split(request), cancellation, completeOne).then(({ results }) => joinCompletions(results));
    },
    async stream(request, cancellation) {
      if (!isSplit(request)) return streamOne(request, cancellation);
      const { results, stop } = await together(split(request), cancellation, streamOne);
      return joinStreams(results, stop);
    },
    async embed({ model, inputs, tokens, dimensions, extras }, cancellation) {
      const body = { ...extras, model, input: tokens ?? inputs, dimensions, encoding_format: "float" };
      return embeddingsOf(parsed(await client.ask("/embeddings", body, cancellation)), tokens ?? inputs);
    },
    async moderate({ model, inputs }, cancellation) {
      const body = { model, input: inputs };
      return moderationsOf(parsed(await client.ask("/moderations", body, cancellation)), inputs);
    },
    countTokens: estimateTokens,
    close: client.close,
  };
}

const pathOf = ({ kind }: CompletionRequest): string => (kind === "chat" ? "/chat/completions" : "/completions");

/** The answer as it is; an error that came with status 200 is thrown. */
function parsed(text: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw unavailable(error);
  }
  const inside = errorInside(answer);
  if (inside) throw inside;
  return answer ?? {};
}

type Work<Result> = (request: CompletionRequest, cancellation: Cancellation) => Promise<Result>;

/** Runs the same work for several requests; the first that fails stops the others. */
async function together<Result>(
  requests: readonly ChatRequest[],
  cancellation: Cancellation,
  work: Work<Result>,
): Promise<{ results: Result[]; stop: () => void }> {
  const own = new Cancellation();
  const stop = (): void => own.cancel();
  cancellation.listen(stop);
  try {
    return { results: await Promise.all(requests.map((request) => work(request, own))), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

type WireEmbeddings = { data?: { index?: number | null; embedding?: unknown }[] | null; usage?: WireUsage | null };

type Embedded = readonly (string | number[])[];

function embeddingsOf(answer: unknown, inputs: Embedded): Embeddings {
  const { data, usage } = answer as WireEmbeddings;
  if (!Array.isArray(data) || data.length !== inputs.length) throw unavailable();
  const vectors: number[][] = [];
  data.forEach(({ index, embedding }, at) => {
    if (Array.isArray(embedding)) vectors[index ?? at] = embedding;
  });
  for (let at = 0; at < inputs.length; at++) if (!vectors[at]) throw unavailable();
  const promptTokens = usageOf(usage)?.promptTokens ?? tokensOf(inputs);
  return { vectors, promptTokens };
}

const tokensOf = (inputs: Embedded): number =>
  inputs.reduce((sum, input) => sum + (typeof input === "string" ? estimateTokens(input) : input.length), 0);
