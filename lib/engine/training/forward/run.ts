import { createHash } from "node:crypto";
import { logError } from "#lib/core/log.ts";
import type { Outcome, Point, TrainingFailure, TrainingTask } from "#lib/engine/training/port.ts";
import type { ServerCheckpoint, ServerJob } from "./dialect.ts";
import { cancelledThere, failureOf, lostFailure, refusedFailure } from "./failures.ts";
import type { Ordering, Place } from "./order.ts";
import { Ended, type Reports } from "./reports.ts";
import { Lost, lookedForMs, patiently } from "./settle.ts";
import { Refused } from "./wire.ts";

const [pollLeastMs, pollMostMs] = [5000, 60_000];

type Seen = {
  job: ServerJob;
  checkpoints: ServerCheckpoint[];
  /** Whatever its step is. */
  last: ServerCheckpoint | undefined;
  isNew: boolean;
};

/** One training at another server: sent once, watched, and cleared away there. */
export class ForwardRun {
  readonly #task: TrainingTask;
  readonly #place: Place;
  readonly #ordering: Ordering;
  readonly #reports: Reports;
  #job = "";
  /** The step of the last checkpoint, and the tokens of all of them. */
  #kept: { step: number; tokens: number };

  constructor(task: TrainingTask, place: Place, ordering: Ordering, reports: Reports) {
    this.#task = task;
    this.#place = place;
    this.#ordering = ordering;
    this.#reports = reports;
    this.#kept = { step: task.keptStep, tokens: this.#tokensUntil(task.keptStep) };
  }

  async run(): Promise<Outcome> {
    const beating = this.#reports.during();
    try {
      this.#job = await this.#ordering.job(this.#task);
      return await this.#watch();
    } catch (error) {
      if (error instanceof Ended) return await this.#ended(error.outcome);
      if (error instanceof Refused) return await this.#fail(refusedFailure(error));
      if (error instanceof Lost) return await this.#fail(lostFailure);
      throw error;
    } finally {
      beating.stop();
    }
  }

  async #ended(outcome: Outcome): Promise<Outcome> {
    if (outcome.outcome === "cancelled") await this.#clear();
    return outcome;
  }

  async #watch(): Promise<Outcome> {
    for (let poll = pollLeastMs; ; ) {
      const seen = await this.#look();
      const outcome = (await this.#endOf(seen)) ?? (await this.#goOn(seen));
      if (outcome) return outcome;
      poll = seen.isNew ? pollLeastMs : Math.min(pollMostMs, poll * 1.5);
      await this.#reports.wait(poll);
    }
  }

  async #look(): Promise<Seen> {
    const { dialect } = this.#place;
    const body = await this.#ask(this.#path);
    const events = dialect.events ? await this.#ask(dialect.events(this.#job)) : body;
    const found = dialect.checkpoints ? await this.#ask(dialect.checkpoints(this.#job)) : body;
    // It may count steps otherwise; those behind our last one wait for the end, which is our last one.
    const all = dialect.readCheckpoints(found).sort((a, b) => a.step - b.step);
    const checkpoints = all.filter(({ step }) => step < this.#task.steps);
    return {
      job: dialect.read(body),
      checkpoints,
      last: all.at(-1),
      isNew: this.#reports.add(dialect.readPoints(events)),
    };
  }

  get #path(): string {
    return `/fine_tuning/jobs/${encodeURIComponent(this.#job)}`;
  }

  #ask(path: string): Promise<unknown> {
    const { wire, signal } = this.#place;
    let cancelledMs = 0;
    const wait = async (ms: number): Promise<void> => {
      await this.#reports.wait(ms);
      // A server that is away for so long does not keep people from ending the job here.
      if (this.#reports.orders === "cancel") cancelledMs += ms;
      if (cancelledMs >= lookedForMs) throw new Ended({ outcome: "cancelled", step: this.#kept.step });
    };
    return patiently(() => wire.get(path, signal), wait);
  }

  async #endOf(seen: Seen): Promise<Outcome | null> {
    const { job, checkpoints } = seen;
    if (job.state === "succeeded") return await this.#succeed(seen);
    if (job.state === "failed") return await this.#fail(failureOf(job));
    if (job.state !== "cancelled") return null;
    return await this.#cancelled(checkpoints);
  }

  /** Perhaps at the word of a turn before this one, so the orders are asked for. */
  async #cancelled(checkpoints: readonly ServerCheckpoint[]): Promise<Outcome> {
    for (const checkpoint of checkpoints) await this.#keep(checkpoint);
    await this.#reports.beat();
    const { orders } = this.#reports;
    const name = checkpoints.find(({ step }) => step === this.#kept.step)?.name;
    if (orders === "stop" && name) return await this.#keepAs(name);
    if (orders !== "cancel") return await this.#fail(cancelledThere);
    await this.#clear();
    return { outcome: "cancelled", step: this.#kept.step };
  }

  async #keepAs(upstreamModel: string): Promise<Outcome> {
    await this.#clear();
    await this.#reports.beat();
    return { outcome: "succeeded", step: this.#kept.step, upstreamModel };
  }

  /** A cancel is sent there and waited for; a stop ends with the newest checkpoint that can be used, if there is one. */
  async #goOn({ checkpoints }: Seen): Promise<Outcome | null> {
    for (const checkpoint of checkpoints) await this.#keep(checkpoint);
    await this.#reports.beat();
    const newest = checkpoints.at(-1);
    const { orders } = this.#reports;
    if (orders !== "cancel" && !(orders === "stop" && newest?.name)) return null;
    await this.#tolerant(() => this.#place.wire.post(`${this.#path}/cancel`, {}, this.#place.signal));
    if (orders === "cancel" || !newest?.name) return null;
    return await this.#keepAs(newest.name);
  }

  async #succeed({ job: { model, trainedTokens }, checkpoints, last }: Seen): Promise<Outcome> {
    if (!model) return await this.#fail(lostFailure);
    for (const checkpoint of checkpoints) await this.#keep(checkpoint);
    const { steps, tokensMost } = this.#task;
    // A turn before this one may have told of it already.
    await this.#keep({ step: steps, name: model, point: last?.point ?? emptyPoint }, trainedTokens ?? tokensMost);
    return await this.#keepAs(model);
  }

  /** By its share of the steps, until the server tells what it trained. */
  #tokensUntil(step: number): number {
    const { tokensMost, steps } = this.#task;
    return Math.floor(tokensMost * Math.min(1, step / Math.max(1, steps)));
  }

  async #keep({ step, name, point }: ServerCheckpoint, tokens = this.#tokensUntil(step)): Promise<void> {
    if (step <= this.#kept.step) return;
    const sha256 = createHash("sha256")
      .update(JSON.stringify([this.#job, step, name]))
      .digest("hex");
    const segmentTokens = Math.max(0, tokens - this.#kept.tokens);
    const names = name ? { upstreamName: name } : {};
    await this.#reports.checkpoint({ ...point, step, segmentTokens, sha256, weights: null, ...names });
    this.#kept = { step, tokens: this.#kept.tokens + segmentTokens };
  }

  async #fail(failure: TrainingFailure): Promise<Outcome> {
    await this.#clear();
    if (this.#reports.orders === "cancel") return { outcome: "cancelled", step: this.#kept.step };
    return { outcome: "failed", step: this.#kept.step, failure };
  }

  /** What was sent there is taken back; what cannot be is logged. */
  async #clear(): Promise<void> {
    const { wire, signal } = this.#place;
    for (const id of this.#ordering.files)
      await this.#tolerant(() => wire.remove(`/files/${encodeURIComponent(id)}`, signal));
  }

  async #tolerant(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      this.#place.signal.throwIfAborted();
      if (!(error instanceof Refused && error.status === 404)) logError("training.forward", error);
    }
  }
}

const emptyPoint: Point = {
  step: 0,
  trainLoss: null,
  validLoss: null,
  accuracy: null,
  learningRate: null,
  tokens: null,
};
