import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway, isDataRefused } from "#db/sqlstate.ts";
import { logError } from "#lib/core/log.ts";

const mostPauseMs = 1000;

type Waiting<T> = {
  item: T;
  settled: (error?: unknown) => void;
  /** Told once when the database went away before the item was committed. */
  doubted: ((error: unknown) => void) | undefined;
  /** Whether no one needs the item once whoever waited for it was told of the doubt. */
  isDroppable: boolean;
};

type Options = {
  /** Most items written in one go. */
  size: number;
  /** Calls back when what came in should be written: soon, when a person waits for it. */
  gather: (write: () => void) => unknown;
  /** How often a write that failed for a passing reason is tried. While the database is away, it is tried without end. */
  attempts: number;
  /** Writes under way at the same time, at most. */
  atOnce: number;
};

/** Items handed over one by one and written together: the person who waits shares one commit with everyone else who does. */
export type Batches<T> = {
  /** Calls `settled` once the item is committed, or with the error that kept it from being so. */
  write: (
    item: T,
    settled: Waiting<T>["settled"],
    doubt?: Partial<Pick<Waiting<T>, "doubted" | "isDroppable">>,
  ) => void;
  waiting: () => number;
  /** Writes without gathering from now on, and resolves once nothing is waiting. */
  close: () => Promise<void>;
  /** Gives up: every item that is not committed, for a log of what was lost. */
  abandon: () => T[];
};

export const openBatches = <T>(save: (items: T[]) => Promise<unknown>, options: Options): Batches<T> =>
  new GroupedBatches(save, options);

class GroupedBatches<T> implements Batches<T> {
  readonly #save: (items: T[]) => Promise<unknown>;
  readonly #options: Options;
  readonly #underWay = new Set<Waiting<T>>();
  #queue: Waiting<T>[] = [];
  #isGathering = false;
  #isAbandoned = false;
  #writing = 0;
  #closing: (() => void) | undefined;

  constructor(save: (items: T[]) => Promise<unknown>, options: Options) {
    this.#save = save;
    this.#options = options;
  }

  write(
    item: T,
    settled: Waiting<T>["settled"],
    { doubted, isDroppable = false }: Partial<Pick<Waiting<T>, "doubted" | "isDroppable">> = {},
  ): void {
    this.#queue.push({ item, settled, doubted, isDroppable });
    this.#next();
  }

  waiting(): number {
    return this.#queue.length;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#next();
    });
  }

  abandon(): T[] {
    this.#isAbandoned = true;
    const left = [...this.#underWay, ...this.#queue].map(({ item }) => item);
    this.#queue = [];
    this.#closing?.();
    return left;
  }

  #next(): void {
    if (this.#queue.length === 0 && this.#writing === 0) this.#closing?.();
    if (this.#queue.length === 0 || this.#writing >= this.#options.atOnce) return;
    if (this.#closing || this.#queue.length >= this.#options.size) this.#write();
    else if (!this.#isGathering) {
      this.#isGathering = true;
      this.#options.gather(() => this.#write());
    }
  }

  #write(): void {
    this.#isGathering = false;
    if (this.#writing >= this.#options.atOnce || this.#queue.length === 0) return;
    const { size } = this.#options;
    const batch = this.#queue.length <= size ? this.#queue : this.#queue.slice(0, size);
    this.#queue = this.#queue.length <= size ? [] : this.#queue.slice(size);
    this.#writing++;
    for (const one of batch) this.#underWay.add(one);
    void this.#settle(batch).finally(() => {
      this.#writing--;
      for (const one of batch) this.#underWay.delete(one);
      this.#next();
    });
  }

  /** Tries the batch, then, when it is the rows' own fault, each row alone, so that one bad row fails alone. */
  async #settle(batch: Waiting<T>[]): Promise<void> {
    try {
      await this.#persist(batch);
      for (const { settled } of batch) settled();
    } catch (error) {
      if (batch.length > 1 && isDataRefused(error)) {
        await Promise.all(batch.map((waiting) => this.#settle([waiting])));
        return;
      }
      for (const { settled } of batch) settled(error);
    }
  }

  async #persist(batch: Waiting<T>[]): Promise<void> {
    const items = batch.map(({ item }) => item);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#save(items);
        return;
      } catch (error) {
        const isAway = isDatabaseAway(error);
        if (this.#isAbandoned || isDataRefused(error) || (attempt >= this.#options.attempts && !isAway)) throw error;
        if (isAway) this.#doubt(batch, error);
        else logError("meter.retry", error, { attempt, rows: items.length });
        await pause(Math.min(50 * 2 ** Math.min(attempt, 10), mostPauseMs));
      }
    }
  }

  /** No one waits for a database that is away. What was sent may have been committed, so it is written again all the same. */
  #doubt(batch: Waiting<T>[], error: unknown): void {
    const dropped = this.#queue.filter(({ doubted, isDroppable }) => doubted && isDroppable);
    this.#queue = this.#queue.filter((one) => !dropped.includes(one));
    for (const { settled } of dropped) settled(error);
    for (const one of [...batch, ...this.#queue]) {
      one.doubted?.(error);
      one.doubted = undefined;
    }
  }
}
