import type { Worker } from "node:worker_threads";
import { now } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { ClaimLine, LogLine, Orders, Outcome, Point, TrainingTask } from "#lib/engine/training/port.ts";
import { Feed } from "./feed.ts";
import type { ThreadOrder, ThreadReport } from "./messages.ts";
import { type EmbeddedTrainerConfig, openThread } from "./thread.ts";

/** How often a claim is told of; a cancel is seen as soon. */
const beatMs = 800;
const pointsAtOnce = 1000;
const attempts = 5;
const retryMs = 1000;

/** One training: its thread, what it reads, and what is told of it. */
export class EmbeddedRun {
  readonly #line: ClaimLine;
  readonly #worker: Worker;
  readonly #feed: Feed;
  readonly #ended: { resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };
  readonly #outcome: Promise<Outcome>;
  #isOver = false;
  /** Reports go one after another. */
  #calls: Promise<void> = Promise.resolve();
  #points: Point[] = [];
  #log: LogLine[] = [];
  #step: number;
  /** The step of the last checkpoint. */
  #kept: number;

  constructor(config: EmbeddedTrainerConfig, task: TrainingTask, line: ClaimLine) {
    this.#line = line;
    this.#kept = task.keptStep;
    this.#step = this.#kept;
    const ended = { resolve: (_: Outcome): void => undefined, reject: (_: unknown): void => undefined };
    this.#outcome = new Promise((resolve, reject) => Object.assign(ended, { resolve, reject }));
    this.#ended = ended;
    this.#worker = openThread(config, task, "train");
    this.#feed = new Feed(this.#worker, task);
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const lose = (): void => this.#ended.resolve({ outcome: "lost" });
    signal.addEventListener("abort", lose, { once: true });
    this.#worker.on("message", (report: ThreadReport) => this.#hear(report));
    this.#worker.on("error", (error) => this.#ended.reject(error));
    this.#worker.on("exit", () => {
      // Once it is done it ends before all of it is told.
      if (!this.#isOver) this.#ended.reject(new Fault("The thread of a training ended by itself."));
    });
    const beating = setInterval(() => this.#call(() => this.#beat()), beatMs);
    try {
      return await this.#outcome;
    } finally {
      clearInterval(beating);
      signal.removeEventListener("abort", lose);
      this.#worker.removeAllListeners("exit");
      await this.#worker.terminate();
      await this.#feed.close();
    }
  }

  #hear(report: ThreadReport): void {
    if (this.#feed.hear(report)) return;
    if (report.type === "told") this.#note(report);
    else if (report.type === "checkpoint") this.#call(() => this.#checkpoint(report));
    else if (report.type === "over") this.#over(report.outcome);
  }

  #post(order: ThreadOrder): void {
    this.#worker.postMessage(order);
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

  #over(outcome: Outcome): void {
    this.#isOver = true;
    this.#call(async () => {
      await this.#beat();
      this.#ended.resolve(outcome);
    });
  }
}

/** A training of very short steps has more of them than a chart can show. */
function thinned(points: Point[]): Point[] {
  const every = Math.ceil(points.length / pointsAtOnce);
  return points.filter((_, at) => at % every === every - 1 || at === points.length - 1);
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
