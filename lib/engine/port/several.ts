import { Cancellation } from "./cancellation.ts";
import type { Completion, CompletionRequest, CompletionStream, Delta, Engine, EngineUsage } from "./port.ts";

/** Several requests that are answered as one: `perPrompt` answers to each prompt, in order. */
export type AskedText = { requests: CompletionRequest[]; perPrompt: number; echoes: string[] };

/** All answers at once; the first that fails ends the others. */
export async function askAll(engine: Engine, asked: AskedText, cancellation: Cancellation): Promise<Completion> {
  const own = new Cancellation();
  cancellation.listen(() => own.cancel());
  try {
    const found = await Promise.all(asked.requests.map((request) => engine.complete(request, own)));
    const choices = found.flatMap(({ choices }, index) => choices.slice(0, 1).map((choice) => ({ ...choice, index })));
    return {
      choices,
      usage: totalOf(
        asked,
        found.map(({ usage }) => usage),
      ),
    };
  } catch (error) {
    own.cancel();
    throw error;
  }
}

/** One answer after the other. Resolves once the first is certain to begin. */
export async function streamAll(
  engine: Engine,
  asked: AskedText,
  cancellation: Cancellation,
): Promise<CompletionStream> {
  const [first, ...rest] = asked.requests;
  if (!first) throw new Error("There is nothing to ask.");
  const streams = [await engine.stream(first, cancellation)];
  async function* deltas(): AsyncGenerator<Delta> {
    for (let index = 0; index < asked.requests.length; index++) {
      const request = rest[index - 1];
      const stream = streams[index] ?? (request && (await engine.stream(request, cancellation)));
      if (!stream) return;
      streams[index] = stream;
      for await (const delta of stream) yield { ...delta, index };
    }
  }
  return {
    [Symbol.asyncIterator]: deltas,
    usage: () =>
      totalOf(
        asked,
        streams.map((stream) => stream.usage()),
      ),
  };
}

/** A prompt is paid for once, however many answers it has. */
function totalOf({ perPrompt }: AskedText, usages: readonly EngineUsage[]): EngineUsage {
  const total: EngineUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
  usages.forEach(({ promptTokens, cachedTokens, completionTokens, estimated }, at) => {
    if (estimated) total.estimated = true;
    if (at % perPrompt === 0) {
      total.promptTokens += promptTokens;
      total.cachedTokens += cachedTokens;
    }
    total.completionTokens += completionTokens;
  });
  return total;
}
