import { randomInt } from "node:crypto";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { CompletionRequest, Delta, EmbeddingRequest } from "#lib/engine/port/port.ts";
import { embed } from "./embed.ts";
import type { Order, Report } from "./messages.ts";
import { embeddingTokens } from "./prompt.ts";
import { type Response, respond } from "./respond.ts";
import type { Sampler } from "./sampler.ts";

/** Short enough that a new request or an abort is noticed at once, long enough that messages are few. */
const turnMs = 4;

type Running = { response: Response; streamed: boolean; deltas: Delta[] };

/** All requests of one worker, moved on in turns; `post` gets the reports of a turn together. */
export function createTurns(sampler: Sampler, post: (reports: Report[]) => void): (order: Order) => void {
  const running = new Map<number, Running>();
  let isAwake = false;

  const turn = (): void => {
    const reports: Report[] = [];
    const end = stopwatch() + turnMs;
    while (running.size > 0 && stopwatch() < end) for (const [id, one] of running) step(running, id, one, reports);
    for (const [id, one] of running) reports.push(...takeDeltas(id, one));
    if (reports.length > 0) post(reports);
    isAwake = running.size > 0;
    if (isAwake) setImmediate(turn);
  };

  return (order) => {
    if (order.type === "abort") return void running.delete(order.id);
    try {
      if (order.type === "embed") return post([embedded(sampler, order.id, order.request)]);
      running.set(order.id, { response: begin(sampler, order.request), streamed: order.streamed, deltas: [] });
    } catch (error) {
      return post([failure(order.id, error)]);
    }
    if (isAwake) return;
    isAwake = true;
    setImmediate(turn);
  };
}

const begin = (sampler: Sampler, request: CompletionRequest): Response =>
  respond(sampler, request, request.sampling.seed ?? randomInt(2 ** 31));

function step(running: Map<number, Running>, id: number, one: Running, reports: Report[]): void {
  try {
    const { done, value } = one.response.steps.next();
    if (value) one.deltas.push(value);
    if (!done) return;
    reports.push(...takeDeltas(id, one), { type: "done", id, usage: { ...one.response.usage } });
  } catch (error) {
    reports.push(failure(id, error));
  }
  running.delete(id);
}

function takeDeltas(id: number, one: Running): Report[] {
  if (one.deltas.length === 0) return [];
  const deltas = one.streamed ? one.deltas : joined(one.deltas);
  one.deltas = [];
  return [{ type: "deltas", id, deltas, usage: { ...one.response.usage } }];
}

/** Text of one choice in one piece, for those who wait for the whole. */
function joined(deltas: readonly Delta[]): Delta[] {
  const texts = new Map<number, string>();
  for (const { index, content } of deltas) if (content) texts.set(index, (texts.get(index) ?? "") + content);
  const rest = deltas.filter(({ toolCalls, finish }) => toolCalls || finish).map(({ content: _, ...delta }) => delta);
  return [...[...texts].map(([index, content]) => ({ index, content, finish: null })), ...rest];
}

function embedded({ model: { vocabulary } }: Sampler, id: number, { inputs, dimensions }: EmbeddingRequest): Report {
  const promptTokens = inputs.reduce((sum, input) => sum + embeddingTokens(vocabulary, input), 0);
  return {
    type: "embedded",
    id,
    embeddings: { vectors: inputs.map((input) => embed(input, dimensions)), promptTokens },
  };
}

function failure(id: number, error: unknown): Report {
  if (error instanceof AppError)
    return { type: "failed", id, problem: error.problem, message: error.message, code: error.code };
  logError("engine.tiny.failed", error);
  return { type: "failed", id, problem: "unavailable", message: "tiny-chat-1 could not answer.", code: "unavailable" };
}
