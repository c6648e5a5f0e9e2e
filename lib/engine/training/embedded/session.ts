import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { stopwatch } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Base } from "#lib/engine/tiny/base.ts";
import type { Model } from "#lib/engine/tiny/model.ts";
import { Descent, descentOptions, learningRateOf, measure, type Step } from "#lib/engine/tiny/tuning/descent.ts";
import { writeCheckpoint, writeModel } from "#lib/engine/tiny/tuning/weights.ts";
import { Breath } from "#lib/engine/training/breath.ts";
import type { CheckpointReport, Outcome, Point, TrainingFailure } from "#lib/engine/training/port.ts";
import type { SurveyTask } from "#lib/engine/training/survey.ts";
import { hardestLines } from "./hardest.ts";
import type { Note, ThreadTask } from "./messages.ts";
import { type Kept, restore } from "./restore.ts";
import { prepare, type Study } from "./study.ts";

/** A task as the session reads it. */
export type SessionTask = Omit<ThreadTask, "training" | "validation"> & SurveyTask;

/** The ends a session holds of the world. */
export type Line = {
  tell: (step: number, points: Point[], notes: Note[]) => void;
  checkpoint: (report: Omit<CheckpointReport, "weights">, weights: Uint8Array) => Promise<void>;
  /** Whether it is to end with what it has. To end without that, its thread is ended. */
  isStopped: () => boolean;
};

export type SessionOptions = { isPaced: boolean; kept: Kept };

/** Work between two turns of the event loop, so that orders are heard. */
const turnMs = 50;
const checkpointMs = 10_000;
/** So long a training takes at least, within what a step may wait, so that people can watch. */
const watchedMs = 10_000;
const [pauseLeast, pauseMost] = [2, 100];

/** Trains to the end, or as far as it is allowed to. */
export async function runSession(task: SessionTask, base: Base, line: Line, options: SessionOptions): Promise<Outcome> {
  const breath = new Breath(turnMs);
  try {
    const study = await prepare(task, base, breath);
    if (study.course.steps !== task.steps) return failed(0, changedData);
    const restored = await restore(task, base, study, options.kept, breath);
    line.tell(restored.step, [], restored.notes);
    if (restored.state === "done") return { outcome: "succeeded", step: restored.step };
    if (restored.state === "foreign") return failed(restored.step, changedBase);
    return await new Session(task, base, study, line, { breath, ...options }, restored.step).run();
  } catch (error) {
    if (error instanceof AppError && error.code === "training_data") return failed(0, faultyData(error.message));
    throw error;
  }
}

type Held = Pick<Point, "validLoss" | "accuracy">;

class Session {
  readonly #task: SessionTask;
  readonly #base: Base;
  readonly #study: Study;
  readonly #line: Line;
  readonly #options: SessionOptions & { breath: Breath };
  readonly #descent: Descent;
  /** The step that its weights are of. */
  readonly #from: number;
  /** The step of the last checkpoint: where the weights of it were torn, later than the step it goes on from. */
  #kept: number;
  /** On what is held out: without the table that is trained, and at the last checkpoint. */
  #before: Held = { validLoss: null, accuracy: null };
  #after: Held = { validLoss: null, accuracy: null };
  /** Since the last checkpoint. */
  #loss = { sum: 0, tokens: 0 };
  #keptAt = stopwatch();

  constructor(
    task: SessionTask,
    base: Base,
    study: Study,
    line: Line,
    options: SessionOptions & { breath: Breath },
    from: number,
  ) {
    const { learning_rate, weight_decay, warmup_fraction } = task.hyperparameters;
    const descent = descentOptions(learning_rate, weight_decay ?? 0.1, warmup_fraction ?? 0.05);
    this.#task = task;
    this.#base = base;
    this.#study = study;
    this.#line = line;
    this.#options = options;
    this.#descent = new Descent(study.model, study.table, study.samples, study.course, descent);
    this.#from = from;
    this.#kept = Math.max(from, task.keptStep);
  }

  async run(): Promise<Outcome> {
    const { course, notes } = this.#study;
    this.#before = await this.#measure(this.#study.model);
    const told = this.#kept === 0 ? [...notes, ...beforeWords(this.#before)] : [];
    this.#line.tell(
      this.#from,
      [],
      told.map((text) => ({ level: "info", text })),
    );
    for (let step = this.#from + 1; step <= course.steps; step++) {
      const began = stopwatch();
      const done = await this.#options.breath.through(this.#descent.step(step));
      if (!Number.isFinite(done.loss)) return failed(this.#kept, diverged);
      this.#line.tell(step, [this.#pointOf(done)], []);
      if (await this.#endsAt(step)) break;
      await this.#pause(began);
    }
    const { model, losses } = this.#descent;
    const hardest = await hardestLines(model, this.#study.samples, losses, this.#options.breath);
    const warnings = this.#warnings();
    this.#line.tell(this.#kept, [], [...warnings.map((text) => ({ level: "warn" as const, text })), ...hardest]);
    return { outcome: "succeeded", step: this.#kept, ...(warnings.length > 0 ? { warnings } : {}) };
  }

  #warnings(): string[] {
    const [before, after] = [this.#before.validLoss, this.#after.validLoss];
    if (before === null || after === null || after < before) return [];
    const losses = `${after.toFixed(3)} nats a token against ${before.toFixed(3)}`;
    return [`On samples that it was not trained on, the model is no better than its base: ${losses}.`];
  }

  /** Keeps a checkpoint where one is due; says whether this step is the last. */
  async #endsAt(step: number): Promise<boolean> {
    const isOver = step === this.#study.course.steps || (step > this.#kept && this.#line.isStopped());
    if (isOver || this.#isDue(step)) await this.#checkpoint(step, isOver);
    return isOver || (this.#line.isStopped() && this.#kept === step);
  }

  #pointOf({ step, loss, rate, tokens }: Step): Point {
    // What is trained again was told of before.
    if (step > this.#kept) this.#loss = { sum: this.#loss.sum + loss * tokens, tokens: this.#loss.tokens + tokens };
    const told = this.#study.course.tokensOfSteps(step - 1, step);
    return { ...emptyPoint, step, trainLoss: loss, learningRate: learningRateOf(rate), tokens: told };
  }

  #isDue(step: number): boolean {
    if (step <= this.#kept) return false;
    const every = Math.max(1, Math.floor(this.#study.course.steps / 20));
    return step % every === 0 || stopwatch() - this.#keptAt >= checkpointMs;
  }

  async #checkpoint(step: number, isLast: boolean): Promise<void> {
    const { table: cells, words, course } = this.#study;
    const head = { job: this.#task.job, step, base: this.#base.version };
    const weights = isLast ? writeModel(head, { words, cells }) : writeCheckpoint(head, { words, cells });
    this.#after = await this.#measure(this.#descent.model);
    const report = {
      ...emptyPoint,
      ...this.#after,
      step,
      trainLoss: this.#loss.sum / Math.max(1, this.#loss.tokens),
      segmentTokens: course.tokensOfSteps(this.#kept, step),
      sha256: createHash("sha256").update(weights).digest("hex"),
    };
    await this.#line.checkpoint(report, weights);
    this.#kept = step;
    this.#loss = { sum: 0, tokens: 0 };
    this.#keptAt = stopwatch();
  }

  async #measure(model: Model): Promise<Held> {
    const { valid } = this.#study;
    const measured = await this.#options.breath.through(measure(model, valid.samples, valid.which));
    return { validLoss: measured?.loss ?? null, accuracy: measured?.accuracy ?? null };
  }

  async #pause(began: number): Promise<void> {
    const { breath, isPaced } = this.#options;
    if (isPaced) {
      const pace = Math.min(pauseMost, Math.max(pauseLeast, watchedMs / this.#study.course.steps));
      await setTimeout(Math.max(0, pace - (stopwatch() - began)));
    }
    if (breath.isDue) await breath.take();
  }
}

const beforeWords = ({ validLoss, accuracy }: Held): string[] =>
  validLoss === null || accuracy === null
    ? []
    : [`Before training: a held-out loss of ${validLoss.toFixed(3)} nats a token, accuracy ${accuracy.toFixed(3)}.`];

const emptyPoint: Point = {
  step: 0,
  trainLoss: null,
  validLoss: null,
  accuracy: null,
  learningRate: null,
  tokens: null,
};

const failed = (step: number, failure: TrainingFailure): Outcome => ({ outcome: "failed", step, failure });

const diverged: TrainingFailure = {
  code: "diverged",
  message: "The loss is no longer a number: the weights grew without end.",
  advice: "Lower learning_rate to 1e-4.",
};
const faultyData = (message: string): TrainingFailure => ({
  code: "data",
  message,
  advice: "Look at the problems that the file's page lists.",
});
const changedData: TrainingFailure = {
  code: "internal",
  message: "The data is not what it was when the job was validated.",
  advice: "Run the job again.",
};
const changedBase: TrainingFailure = {
  code: "internal",
  message: "The embedded model was updated while this job was trained.",
  advice: "Run the job again.",
};
