import { setTimeout as pause } from "node:timers/promises";
import { logError } from "#lib/log.ts";

type Waiting<T> = { item: T; done: () => void; failed: (error: unknown) => void };

type Options = {
  /** Most items written in one go. */
  size: number;
  /** Writes under way at once; more makes hot rows slower, not faster. */
  concurrency: number;
  /** How often a write that failed for a passing reason is tried. */
  attempts: number;
};

/** Items handed over one by one and written together: whoever waits shares one commit with everyone else who does. */
export type Batches<T> = {
  /** Resolves once the item is committed. */
  write: (item: T) => Promise<void>;
  /** Resolves once nothing is waiting. */
  drain: () => Promise<void>;
  waiting: () => number;
};

export function openBatches<T>(
  save: (items: T[]) => Promise<unknown>,
  { size, concurrency, attempts }: Options,
): Batches<T> {
  let queue: Waiting<T>[] = [];
  let running = 0;
  let idle: (() => void)[] = [];

  const pump = (): void => {
    while (running < concurrency && queue.length > 0) {
      const batch = queue.length <= size ? queue : queue.slice(0, size);
      queue = queue.length <= size ? [] : queue.slice(size);
      running++;
      void settle(batch, save, attempts).finally(() => {
        running--;
        pump();
        if (running === 0 && queue.length === 0) {
          for (const resolve of idle) resolve();
          idle = [];
        }
      });
    }
  };

  return {
    write: (item) =>
      new Promise<void>((done, failed) => {
        queue.push({ item, done, failed });
        pump();
      }),
    drain: () =>
      running === 0 && queue.length === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve)),
    waiting: () => queue.length,
  };
}

/** Tries the batch, then, when it is the rows' own fault, each row alone, so that one bad row fails alone. */
async function settle<T>(batch: Waiting<T>[], save: (items: T[]) => Promise<unknown>, attempts: number): Promise<void> {
  try {
    await persist(batch, save, attempts);
    for (const { done } of batch) done();
  } catch (error) {
    if (batch.length > 1 && isRowsFault(error)) {
      await Promise.all(batch.map((waiting) => settle([waiting], save, attempts)));
      return;
    }
    for (const { failed } of batch) failed(error);
  }
}

async function persist<T>(
  batch: Waiting<T>[],
  save: (items: T[]) => Promise<unknown>,
  attempts: number,
): Promise<void> {
  const items = batch.map(({ item }) => item);
  for (let attempt = 1; ; attempt++) {
    try {
      await save(items);
      return;
    } catch (error) {
      if (attempt >= attempts || isRowsFault(error)) throw error;
      logError("meter.retry", error, { attempt, rows: items.length });
      await pause(Math.min(50 * 2 ** attempt, 2000));
    }
  }
}

/** Classes 22 and 23 of SQLSTATE: data the database will never take. */
function isRowsFault(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("22") || code.startsWith("23");
}
