import { createDeltaQueue } from "#lib/engine/port/delta-queue.ts";
import type { ChatRequest, Completion, CompletionStream, EngineUsage } from "#lib/engine/port/port.ts";

/** The requests that stand in for one with `n` choices; seeds differ, or all choices would be the same. */
export const split = (request: ChatRequest): ChatRequest[] =>
  Array.from({ length: request.n }, (_, index) => {
    const { seed } = request.sampling;
    const { promptTokens, completionTokens } = request.bounds;
    const bounds = { promptTokens, completionTokens: Math.floor(completionTokens / request.n) };
    return {
      ...request,
      n: 1,
      bounds,
      sampling: { ...request.sampling, seed: seed === undefined ? undefined : seed + index },
    };
  });

/** The customer pays for the prompt once, however often it was read for the choices. */
export const totalUsage = (usages: readonly EngineUsage[]): EngineUsage => ({
  promptTokens: Math.max(0, ...usages.map(({ promptTokens }) => promptTokens)),
  cachedTokens: usages[0]?.cachedTokens ?? 0,
  completionTokens: usages.reduce((sum, { completionTokens }) => sum + completionTokens, 0),
  ...(usages.some(({ estimated }) => estimated) && { estimated: true }),
});

export const joinCompletions = (completions: readonly Completion[]): Completion => ({
  choices: completions.flatMap(({ choices }, index) => choices.slice(0, 1).map((choice) => ({ ...choice, index }))),
  usage: totalUsage(completions.map(({ usage }) => usage)),
});

/** Streams side by side as the choices of one; when one fails all do, and `stop` ends the others. */
export function joinStreams(streams: readonly CompletionStream[], stop: () => void): CompletionStream {
  const usage = (): EngineUsage => totalUsage(streams.map((stream) => stream.usage()));
  const queue = createDeltaQueue(stop);
  const pump = async (stream: CompletionStream, index: number): Promise<void> => {
    for await (const delta of stream) queue.push([{ ...delta, index }], usage());
  };
  Promise.all(streams.map(pump)).then(
    () => queue.end(usage()),
    (error) => {
      queue.fail(error);
      stop();
    },
  );
  return { [Symbol.asyncIterator]: () => queue.stream[Symbol.asyncIterator](), usage };
}
