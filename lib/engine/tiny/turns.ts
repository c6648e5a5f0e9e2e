import { randomInt } from "node:crypto";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { CompletionRequest, Delta, EmbeddingRequest } from "#lib/engine/port/port.ts";
import { embed } from "./embed.ts";
import type { Delivery, Need, Order, Report } from "./messages.ts";
import { embeddingTokens } from "./prompt.ts";
import { type Response, respond } from "./respond.ts";
import { type Sampler, samplerOf } from "./sampler.ts";
import { isOf, type Shelf, type TunedName } from "./tuning/shelf.ts";

/** Short enough that a new request or an abort is noticed at once, long enough that messages are few. */
const turnMs = 4;

type Running = { response: Response; streamed: boolean; deltas: Delta[] };
type Completion = Extract<Order, { type: "complete" }>;
type Waiting = Completion & { tuned: TunedName; isForgotten: boolean };

/** All requests of one worker, moved on in turns; `post` gets the reports of a turn together. */
export class Turns {
  readonly #running = new Map<number, Running>();
  /** Requests whose tuned model is on its way. */
  #waiting: Waiting[] = [];
  readonly #sampler: Sampler;
  readonly #shelf: Shelf;
  readonly #post: (reports: (Report | Need)[]) => void;
  #isAwake = false;

  constructor(sampler: Sampler, shelf: Shelf, post: (reports: (Report | Need)[]) => void) {
    this.#sampler = sampler;
    this.#shelf = shelf;
    this.#post = post;
  }

  take(order: Order | Delivery): void {
    if (order.type === "abort") this.#drop(order.id);
    else if (order.type === "forget") this.#forget(order.tunedId);
    else if (order.type === "no-weights")
      this.#refuse(order.tuned, new AppError("unavailable", order.message, { retryAfter: 1 }));
    else if (order.type === "weights") this.#load(order.tuned, order.bytes);
    else if (order.type === "embed") this.#guard(order.id, () => this.#embed(order.id, order.request));
    else this.#complete(order);
    this.#wake();
  }

  #drop(dropped: number): void {
    this.#running.delete(dropped);
    this.#waiting = this.#waiting.filter(({ id }) => id !== dropped);
  }

  #embed(id: number, request: EmbeddingRequest): void {
    this.#post([embedded(this.#sampler, id, request)]);
  }

  #complete(order: Completion): void {
    const { tuned } = order;
    const model = tuned && this.#shelf.find(tuned);
    if (!tuned) this.#begin(order, this.#sampler);
    else if (model) this.#begin(order, samplerOf(this.#sampler, model));
    else this.#wait({ ...order, tuned, isForgotten: false });
  }

  #wait(order: Waiting): void {
    const isAsked = this.#waiting.some((other) => isSame(other.tuned, order.tuned));
    this.#waiting.push(order);
    if (!isAsked) this.#post([{ type: "need", tuned: order.tuned }]);
  }

  #forget(tunedId: string | null): void {
    this.#shelf.forget(tunedId);
    for (const order of this.#waiting) if (isOf(order.tuned, tunedId)) order.isForgotten = true;
  }

  /** What was forgotten on its way answers those who waited for it, and is not kept. */
  #load(tuned: TunedName, bytes: Uint8Array): void {
    const waiting = this.#waiting.filter((order) => isSame(order.tuned, tuned));
    if (waiting.length > 0) this.#shelf.add(tuned, bytes, !waiting.every(({ isForgotten }) => isForgotten));
  }

  #begin({ id, request, streamed }: Completion, sampler: Sampler): void {
    this.#guard(id, () => this.#running.set(id, { response: begin(sampler, request), streamed, deltas: [] }));
  }

  #guard(id: number, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#post([failure(id, error)]);
    }
  }

  #wake(): void {
    if (this.#isAwake || (this.#running.size === 0 && !this.#shelf.isLoading)) return;
    this.#isAwake = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const reports: Report[] = [];
    const end = stopwatch() + turnMs;
    while (this.#running.size > 0 && stopwatch() < end)
      for (const [id, one] of this.#running) step(this.#running, id, one, reports);
    for (const [id, one] of this.#running) reports.push(...takeDeltas(id, one));
    if (reports.length > 0) this.#post(reports);
    this.#loadSlice();
    this.#isAwake = false;
    this.#wake();
  }

  /** One slice a turn: what is loading keeps no answer waiting. */
  #loadSlice(): void {
    for (const { name, model } of this.#shelf.load()) {
      if (model instanceof AppError) this.#refuse(name, model);
      else for (const order of this.#takeWaiting(name)) this.#begin(order, samplerOf(this.#sampler, model));
    }
  }

  #refuse(tuned: TunedName, error: AppError): void {
    this.#post(this.#takeWaiting(tuned).map(({ id }) => failure(id, error)));
  }

  #takeWaiting(tuned: TunedName): Completion[] {
    const taken = this.#waiting.filter((order) => isSame(order.tuned, tuned));
    this.#waiting = this.#waiting.filter((order) => !isSame(order.tuned, tuned));
    return taken;
  }
}

const isSame = (a: TunedName, b: TunedName): boolean => a.id === b.id && a.sha256 === b.sha256;

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
