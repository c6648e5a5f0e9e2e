import { AppError } from "#lib/core/errors.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import { collected } from "#lib/engine/port/collect.ts";
import type {
  Bounds,
  ChatRequest,
  Completion,
  CompletionRequest,
  CompletionStream,
  EmbeddingRequest,
  Embeddings,
  Engine,
} from "#lib/engine/port/port.ts";
import { Assembly } from "./assembly.ts";
import { joinCompletions, joinStreams, split } from "./choices.ts";
import { createClient } from "./client.ts";
import type { Adapters, UpstreamConfig } from "./config.ts";
import { estimateTokens } from "./estimate.ts";
import { isPlace } from "./incoming.ts";
import { moderationsOf } from "./moderations.ts";
import { extrasTaken, outgoingBytes } from "./outgoing.ts";
import { errorInside, Missing, unavailable } from "./refusal.ts";
import { deltasOf, openStream } from "./stream.ts";
import { UsageCount } from "./usage.ts";

/** Any OpenAI-compatible server: vLLM, llama.cpp, Ollama, a vendor. */
export function createUpstreamEngine(config: UpstreamConfig): Engine {
  const client = createClient(config);
  const features = config.features ?? {};
  const isSplit = (request: CompletionRequest): request is ChatRequest =>
    request.kind === "chat" && request.n > 1 && !features.n;

  const loaded = <R>({ model }: CompletionRequest, ask: () => Promise<R>): Promise<R> =>
    config.adapters?.has(model) ? askLoading(model, config.adapters, ask) : ask();

  const completeOne: Work<Completion> = async (request, cancellation) => {
    const body = outgoingBytes(request, false, features);
    const text = await loaded(request, () => client.ask(pathOf(request), body, cancellation));
    const assembly = new Assembly(request, config.id);
    return collected(deltasOf(text, assembly), assembly.usage());
  };
  const streamOne: Work<CompletionStream> = async (request, cancellation) => {
    const body = outgoingBytes(request, true, features);
    const answer = await loaded(request, () => client.post(pathOf(request), body, cancellation));
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
    async embed(request, cancellation) {
      const { model, inputs, tokens, dimensions, extras } = request;
      const body = { ...extras, model, input: tokens ?? inputs, dimensions, encoding_format: "float" };
      return embeddingsOf(parsed(await client.ask("/embeddings", json(body), cancellation)), request, config.id);
    },
    async moderate({ model, inputs, bounds }, cancellation) {
      const answer = parsed(await client.ask("/moderations", json({ model, input: inputs }), cancellation));
      return moderationsOf(answer, inputs, inputCount(config.id, bounds, inputs));
    },
    countTokens: estimateTokens,
    close: client.close,
  };
}

/** A model that is not there is loaded, and asked once more; that it is there is our affair, not the customer's. */
async function askLoading<R>(model: string, adapters: Adapters, ask: () => Promise<R>): Promise<R> {
  try {
    return await ask();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await adapters.load(model);
  try {
    return await ask();
  } catch (error) {
    throw isMissing(error) ? unavailable(error) : error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof AppError && error.cause instanceof Missing;

const json = (body: object): Buffer => Buffer.from(JSON.stringify(body));

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

type WireEmbeddings = { data?: { index?: unknown; embedding?: unknown }[] | null; usage?: unknown };

function embeddingsOf(answer: unknown, request: EmbeddingRequest, upstream: string): Embeddings {
  const inputs = request.tokens ?? request.inputs;
  const { data, usage } = answer as WireEmbeddings;
  if (!Array.isArray(data) || data.length !== inputs.length) throw unavailable();
  const vectors: number[][] = [];
  data.forEach((item, at) => {
    const embedding = item?.embedding;
    if (isVector(embedding)) vectors[isPlace(item.index, inputs.length) ? item.index : at] = embedding;
  });
  for (let at = 0; at < inputs.length; at++) if (!vectors[at]) throw unavailable();
  const count = inputCount(upstream, request.bounds, inputs);
  count.told(usage);
  const { promptTokens, estimated } = count.total();
  return { vectors, promptTokens, estimated };
}

type Inputs = readonly (string | number[])[];

/** Counts a request that is answered with no tokens. */
const inputCount = (upstream: string, bounds: Bounds, inputs: Inputs): UsageCount =>
  new UsageCount(upstream, { ...bounds, completionTokens: 0 }, () => tokensOf(inputs));

const tokensOf = (inputs: Inputs): number =>
  inputs.reduce((sum, input) => sum + (typeof input === "string" ? estimateTokens(input) : input.length), 0);

const isVector = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite);
