import { Worker } from "node:worker_threads";
import { now } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type {
  ClaimLine,
  KeptCheckpoint,
  LogLine,
  Orders,
  Outcome,
  Point,
  TrainingTask,
} from "#lib/engine/training/port.ts";
import type { Place, ThreadData, ThreadOrder, ThreadReport } from "./messages.ts";

export type EmbeddedTrainerConfig = {
  /** The bundle of worker.ts. */
  workerFile: string;
  /** Where the trained base is kept. */
  cacheDir: string;
  /** Whether it goes slowly enough to be watched. */
  isPaced: boolean;
};

/** Beyond it the thread dies instead of the process. */
const heapMb = 512;
/** How often a claim is told of; a cancel is seen as soon. */
const beatMs = 800;
const pointsAtOnce = 1000;
const attempts = 5;
const retryMs = 1000;

/** One training: its thread, what it reads, and what is told of it. */
export class EmbeddedRun {
  readonly #task: TrainingTask;
  readonly #line: ClaimLine;
  readonly #worker: Worker;
  readonly #ended: { resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };
  readonly #outcome: Promise<Outcome>;
  /** What is read now. */
  #pieces: AsyncIterator<Uint8Array> | undefined;
  /** Reports go one after another. */
  #calls: Promise<void> = Promise.resolve();
  #points: Point[] = [];
  #log: LogLine[] = [];
  #step: number;
  /** The step of the last checkpoint. */
  #kept: number;

  constructor(config: EmbeddedTrainerConfig, task: TrainingTask, line: ClaimLine) {
    this.#task = task;
    this.#line = line;
    this.#kept = task.keptStep;
    this.#step = this.#kept;
    const ended = { resolve: (_: Outcome): void => undefined, reject: (_: unknown): void => undefined };
    this.#outcome = new Promise((resolve, reject) => Object.assign(ended, { resolve, reject }));
    this.#ended = ended;
    this.#worker = new Worker(config.workerFile, {
      workerData: dataOf(config, task),
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const lose = (): void => this.#ended.resolve({ outcome: "lost" });
    signal.addEventListener("abort", lose, { once: true });
    this.#worker.on("message", (report: ThreadReport) => this.#hear(report));
    this.#worker.on("error", (error) => this.#ended.reject(error));
    this.#worker.on("exit", () => this.#ended.reject(new Fault("The thread of a training ended by itself.")));
    const beating = setInterval(() => this.#call(() => this.#beat()), beatMs);
    try {
      return await this.#outcome;
    } finally {
      clearInterval(beating);
      signal.removeEventListener("abort", lose);
      this.#worker.removeAllListeners("exit");
      await this.#worker.terminate();
      await this.#pieces?.return?.();
    }
  }

  #hear(report: ThreadReport): void {
    if (report.type === "open") this.#open(report.place);
    else if (report.type === "pull") void this.#pull();
    else if (report.type === "told") this.#note(report);
    else if (report.type === "checkpoint") this.#call(() => this.#checkpoint(report));
    else this.#call(() => this.#finish(report.outcome));
  }

  #post(order: ThreadOrder, moved: ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, moved);
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

  #note({ step, points, notes }: Extract<ThreadReport, { type: "told" }>): void {
    this.#step = Math.max(this.#step, step);
    this.#points.push(...points);
    this.#log.push(...notes.map((note) => ({ at: now(), ...note })));
  }

  #call(report: () => Promise<void>): void {
    this.#calls = this.#calls.then(report).catch((error: unknown) => this.#ended.reject(error));
  }

  /** What could not be told is told the next time: whether the claim still holds is for the lease to say. */
  async #beat(): Promise<void> {
    const [points, log] = [thinned(this.#points), this.#log];
    this.#points = [];
    this.#log = [];
    try {
      this.#obey(await this.#line.beat({ step: this.#step, points, log }));
    } catch (error) {
      logError("training.beat", error);
      this.#points.unshift(...points);
      this.#log.unshift(...log);
    }
  }

  async #checkpoint({ report, weights }: Extract<ThreadReport, { type: "checkpoint" }>): Promise<void> {
    const orders = await tried(() => this.#line.checkpoint({ ...report, weights: [weights] }));
    if (orders !== "lost") this.#kept = report.step;
    this.#obey(orders);
    this.#post({ type: "kept" });
  }

  #obey(orders: Orders): void {
    if (orders === "lost") this.#ended.resolve({ outcome: "lost" });
    if (orders === "cancel") this.#ended.resolve({ outcome: "cancelled", step: this.#kept });
    if (orders === "stop") this.#post({ type: "stop" });
  }

  async #finish(outcome: Outcome): Promise<void> {
    await this.#beat();
    this.#ended.resolve(outcome);
  }
}

/** A training of very short steps has more of them than a chart can show. */
function thinned(points: Point[]): Point[] {
  const every = Math.ceil(points.length / pointsAtOnce);
  return points.filter((_, at) => at % every === every - 1 || at === points.length - 1);
}

function dataOf({ cacheDir, isPaced }: EmbeddedTrainerConfig, task: TrainingTask): ThreadData {
  const { job, hyperparameters, seed, steps, skipShare, keptStep, training, validation } = task;
  const sets = training.map(({ weight, bytes }) => ({ weight, bytes }));
  const resume = keptOf(task).map(({ step }) => step);
  const own = { job, hyperparameters, seed, steps, skipShare, keptStep, training: sets, resume };
  return { task: { ...own, validation: validation.length }, cacheDir, isPaced };
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

/** A checkpoint that cannot be kept for a while is tried again: told twice it changes nothing. */
async function tried(report: () => Promise<Orders>): Promise<Orders> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await report();
    } catch (error) {
      if (attempt === attempts) throw error;
      logError("training.checkpoint", error);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}
