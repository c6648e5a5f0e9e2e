import type { CompletionStream, Delta, EngineUsage } from "./port.ts";

/** Deltas on their way from where they are made to the person who reads them. */
export type DeltaQueue = {
  push(deltas: readonly Delta[], usage: EngineUsage): void;
  end(usage: EngineUsage): void;
  fail(error: unknown): void;
  /** Resolves with the first delta or the end, rejects when it failed before. */
  ready(): Promise<void>;
  stream: CompletionStream;
};

/** `abandon` is called when the reader leaves before the end. */
export function createDeltaQueue(abandon: () => void): DeltaQueue {
  const waiting: Delta[] = [];
  let usage: EngineUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };
  let ending: { error?: unknown } | undefined;
  let wake: () => void = () => undefined;

  const ready = async (): Promise<void> => {
    while (waiting.length === 0 && !ending) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (waiting.length === 0 && ending?.error !== undefined) throw ending.error;
  };
  const next = async (): Promise<IteratorResult<Delta>> => {
    await ready();
    const value = waiting.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  };
  const leave = async (): Promise<IteratorResult<Delta>> => {
    if (!ending) abandon();
    ending ??= {};
    waiting.length = 0;
    return { done: true, value: undefined };
  };
  const end = (how: { error?: unknown }): void => {
    ending ??= how;
    wake();
  };

  return {
    push(deltas, used) {
      waiting.push(...deltas);
      usage = used;
      wake();
    },
    end(used) {
      usage = used;
      end({});
    },
    fail: (error) => end({ error }),
    ready,
    stream: { [Symbol.asyncIterator]: () => ({ next, return: leave }), usage: () => usage },
  };
}
