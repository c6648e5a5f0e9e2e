import { setTimeout as pause } from "node:timers/promises";
import { isDataRefused } from "#db/sqlstate.ts";
import { logError } from "#lib/core/log.ts";

type Waiting<T> = { item: T; settled: (error?: unknown) => void };

type Options = {
  /** Most items written in one go. */
  size: number;
  /** Calls back when what came in should be written: soon, when a person waits for it. */
  gather: (write: () => void) => unknown;
  /** How often a write that failed for a passing reason is tried. */
  attempts: number;
  /** Writes under way at the same time, at most. */
  atOnce: number;
};

/** Items handed over one by one and written together: the person who waits shares one commit with everyone else who does. */
export type Batches<T> = {
  /** Calls `settled` once the item is committed, or with the error that kept it from being so. */
  write: (item: T, settled: (error?: unknown) => void) => void;
  waiting: () => number;
  /** Writes without gathering from now on, and resolves once nothing is waiting. */
  close: () => Promise<void>;
};

export function openBatches<T>(
  save: (items: T[]) => Promise<unknown>,
  { size, gather, attempts, atOnce }: Options,
): Batches<T> {
  let queue: Waiting<T>[] = [];
  let isGathering = false;
  let writing = 0;
  let closing: (() => void) | undefined;

  const next = (): void => {
    if (queue.length === 0 && writing === 0) closing?.();
    if (queue.length === 0 || writing >= atOnce) return;
    if (closing || queue.length >= size) write();
    else if (!isGathering) {
      isGathering = true;
      gather(write);
    }
  };
  const write = (): void => {
    isGathering = false;
    if (writing >= atOnce || queue.length === 0) return;
    const batch = queue.length <= size ? queue : queue.slice(0, size);
    queue = queue.length <= size ? [] : queue.slice(size);
    writing++;
    void settle(batch, save, attempts).finally(() => {
      writing--;
      next();
    });
  };

  return {
    write: (item, settled) => {
      queue.push({ item, settled });
      next();
    },
    waiting: () => queue.length,
    close: () =>
      new Promise((resolve) => {
        closing = resolve;
        next();
      }),
  };
}

/** Tries the batch, then, when it is the rows' own fault, each row alone, so that one bad row fails alone. */
async function settle<T>(batch: Waiting<T>[], save: (items: T[]) => Promise<unknown>, attempts: number): Promise<void> {
  try {
    await persist(batch, save, attempts);
    for (const { settled } of batch) settled();
  } catch (error) {
    if (batch.length > 1 && isDataRefused(error)) {
      await Promise.all(batch.map((waiting) => settle([waiting], save, attempts)));
      return;
    }
    for (const { settled } of batch) settled(error);
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
      if (attempt >= attempts || isDataRefused(error)) throw error;
      logError("meter.retry", error, { attempt, rows: items.length });
      await pause(Math.min(50 * 2 ** attempt, 2000));
    }
  }
}
