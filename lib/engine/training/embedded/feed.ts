import type { Worker } from "node:worker_threads";
import { logError } from "#lib/core/log.ts";
import type { KeptCheckpoint, TrainingTask } from "#lib/engine/training/port.ts";
import type { Place, ThreadOrder, ThreadReport, ThreadTask } from "./messages.ts";

/** Gives a thread what it reads, piece by piece as it asks for them. */
export class Feed {
  readonly #worker: Worker;
  readonly #task: TrainingTask;
  /** What is read now. */
  #pieces: AsyncIterator<Uint8Array> | undefined;

  constructor(worker: Worker, task: TrainingTask) {
    this.#worker = worker;
    this.#task = task;
  }

  /** Whether it was a wish of the thread to read. */
  hear(report: ThreadReport): boolean {
    if (report.type === "open") this.#open(report.place);
    else if (report.type === "pull") void this.#pull();
    else return false;
    return true;
  }

  async close(): Promise<void> {
    await this.#pieces?.return?.();
  }

  #open(place: Place): void {
    const before = this.#pieces;
    this.#pieces = piecesAt(this.#task, place);
    before?.return?.().catch(() => undefined);
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = (await this.#pieces?.next()) ?? { done: true, value: undefined };
      // A copy, because the piece may be a part of a buffer that others use.
      const bytes = done ? null : new Uint8Array(value);
      this.#post({ type: "piece", bytes }, bytes ? [bytes.buffer] : []);
    } catch (error) {
      logError("training.read", error);
      this.#post({ type: "broken" });
    }
  }

  #post(order: ThreadOrder, moved: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, moved);
  }
}

/** A task without what cannot cross to a thread. */
export function crossing(task: TrainingTask): ThreadTask {
  const { job, hyperparameters, seed, steps, skipShare, keptStep, training, validation } = task;
  const sets = training.map(({ weight, bytes }) => ({ weight, bytes }));
  const resume = keptOf(task).map(({ step }) => step);
  const own = { job, hyperparameters, seed, steps, skipShare, keptStep, training: sets, resume };
  return { ...own, validation: validation.length };
}

function keptOf({ resume }: TrainingTask): KeptCheckpoint[] {
  const kept: KeptCheckpoint[] = [];
  for (let one: KeptCheckpoint | null | undefined = resume; one; one = one.before) kept.push(one);
  return kept;
}

async function* piecesAt(task: TrainingTask, { kind, at }: Place): AsyncGenerator<Uint8Array> {
  const opened = kind === "resume" ? keptOf(task)[at] : task[kind][at];
  if (opened) yield* await opened.open();
}
