import { AppError } from "#lib/core/errors.ts";
import { type Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import { takesNothing } from "#lib/engine/port/parameters.ts";
import type { CompletionStream, Delta, Engine } from "#lib/engine/port/port.ts";
import { Outage, unavailable } from "#lib/engine/upstream/refusal.ts";
import type { Breaker, Permit } from "./breaker.ts";

/** One of the upstreams that serve a model, what the model is called there, and how it does. */
export type Route = { upstream: string; engine: Engine; model: string; breaker: Breaker };

/**
 * The upstreams of one model as one engine: the first that can answer does. Another is asked for what is no fault of the
 * request's, and only before anything of an answer was passed on.
 */
export function createRoutes(routes: readonly [Route, ...Route[]]): Engine {
  const engines = routes.map(({ engine }) => engine);
  return {
    takes: takenByAll(engines),
    takesTokens: engines.every(({ takesTokens }) => takesTokens),
    complete: (request, cancellation) =>
      firstOf(routes, cancellation, async ({ engine, model, breaker }) => {
        const completion = await engine.complete({ ...request, model: request.upstreamName ?? model }, cancellation);
        breaker.succeeded();
        return completion;
      }),
    stream: (request, cancellation) =>
      firstOf(routes, cancellation, async ({ engine, model, breaker }, permit) =>
        watched(
          await engine.stream({ ...request, model: request.upstreamName ?? model }, cancellation),
          breaker,
          permit,
        ),
      ),
    embed: (request, cancellation) =>
      firstOf(routes, cancellation, async ({ engine, model, breaker }) => {
        const embeddings = await engine.embed({ ...request, model }, cancellation);
        breaker.succeeded();
        return embeddings;
      }),
    ...(engines.some(({ moderate }) => moderate) && { moderate: moderateBy(routes) }),
    countTokens: routes[0].engine.countTokens,
    // Whoever made the engines closes them: models share them.
    close: async () => undefined,
  };
}

const moderateBy =
  (routes: readonly Route[]): NonNullable<Engine["moderate"]> =>
  (request, cancellation) =>
    firstOf(routes, cancellation, async ({ engine, model, breaker }) => {
      if (!engine.moderate) throw unavailable();
      const moderations = await engine.moderate({ ...request, model }, cancellation);
      breaker.succeeded();
      return moderations;
    });

/** Whichever of them answers, it takes these fields: a customer is told of every other that it is ignored. */
function takenByAll(engines: readonly Engine[]): ReadonlySet<string> {
  const [first, ...others] = engines.map(({ takes }) => takes ?? takesNothing);
  return new Set([...(first ?? takesNothing)].filter((name) => others.every((takes) => takes.has(name))));
}

async function firstOf<R>(
  routes: readonly Route[],
  cancellation: Cancellation,
  ask: (route: Route, permit: Permit) => Promise<R>,
): Promise<R> {
  let failure: unknown;
  for (const route of routes) {
    const permit = route.breaker.admit();
    if (!permit) continue;
    try {
      return await ask(route, permit);
    } catch (error) {
      note(route.breaker, permit, error);
      if (cancellation.isCancelled || !isAnothersTurn(error)) throw error;
      failure = error;
    }
  }
  throw failure ?? unavailable(undefined, Math.min(...routes.map(({ breaker }) => breaker.waitMs)));
}

const isAnothersTurn = (error: unknown): boolean =>
  error instanceof AppError && (error.problem === "unavailable" || error.problem === "rate_limited");

/** What an error says of an upstream: one that refuses, or answers nonsense, is there all the same. */
function note(breaker: Breaker, permit: Permit, error: unknown): void {
  if (!(error instanceof AppError) || error instanceof Cancelled) breaker.abandoned(permit);
  else if (error.cause instanceof Outage) breaker.failed(permit, error.cause.message);
  else breaker.succeeded();
}

/** The same stream; how its first delta comes tells whether the upstream is well. */
function watched(stream: CompletionStream, breaker: Breaker, permit: Permit): CompletionStream {
  return { [Symbol.asyncIterator]: () => watch(stream[Symbol.asyncIterator](), breaker, permit), usage: stream.usage };
}

function watch(deltas: AsyncIterator<Delta>, breaker: Breaker, permit: Permit): AsyncIterator<Delta> {
  let isTold = false;
  const first = async (): Promise<IteratorResult<Delta>> => {
    isTold = true;
    try {
      const result = await deltas.next();
      breaker.succeeded();
      return result;
    } catch (error) {
      note(breaker, permit, error);
      throw error;
    }
  };
  return {
    next: () => (isTold ? deltas.next() : first()),
    async return() {
      if (!isTold) breaker.abandoned(permit);
      isTold = true;
      return (await deltas.return?.()) ?? { done: true, value: undefined };
    },
  };
}
