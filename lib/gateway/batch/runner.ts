import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { isDatabaseAway } from "#db/sqlstate.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { beatBatch, claimBatch, giveBackBatch } from "#lib/domain/batch/claims/commands.ts";
import type { BatchClaim, BatchOutcome } from "#lib/domain/batch/claims/view.ts";
import { endBatch, unsummed } from "#lib/domain/batch/lifecycle/commands.ts";
import { leaseSeconds } from "#lib/domain/batch/rules.ts";
import { asRefusal } from "#lib/domain/retention/rules.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { Permits } from "./permits.ts";
import { BatchRun } from "./run.ts";

type Settings = {
  plane: DataPlane;
  /** A context for what is done now. */
  context: () => AccountContext;
  /** Requests of batches that are under way at once in this process. */
  atOnce: number;
  /** How often it is looked for batches where there was none. */
  pollMs?: number;
  /** Batches that this process has at once. */
  batchesMost?: number;
};

/** Where there are more, those that wait for a limit take turns with the others. */
const usualMost = 32;
/** So many turns at one batch that broke here, and it is given up. */
const brokenMost = 100;
/** For how long the sums of events are waited for before a batch ends. */
const summedTries = 100;
const summedMs = 300;

/** Works off batches in a process that answers `/v1`. Several processes share them; each batch is one process's at a time. */
export class BatchRunner {
  readonly #settings: Settings;
  readonly #permits: Permits;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #broken = new LRUCache<string, number>({ max: 1000 });
  #loop: Promise<void> = Promise.resolve();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#permits = new Permits(settings.atOnce);
  }

  start(): void {
    if (this.#settings.atOnce > 0) this.#loop = this.#serve();
  }

  /** Begins nothing more, lets what is asked be answered, and gives the batches back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #serve(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const claim = this.#isCrowded ? null : await this.#next();
      if (claim) {
        const work = this.#work(claim).finally(() => this.#running.delete(work));
        this.#running.add(work);
      } else await pause(this.#settings.pollMs ?? 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  get #isCrowded(): boolean {
    return this.#running.size >= (this.#settings.batchesMost ?? usualMost);
  }

  async #next(): Promise<BatchClaim | null> {
    try {
      return await claimBatch(this.#settings.context());
    } catch (error) {
      if (!isDatabaseAway(error)) logError("batch.claim", error);
      return null;
    }
  }

  async #work(claim: BatchClaim): Promise<void> {
    const { plane, context, atOnce } = this.#settings;
    try {
      const own = { permits: this.#permits, stopping: this.#stopping.signal, isCrowded: () => this.#isCrowded };
      const ended = await new BatchRun({ plane, claim, context, atOnce, ...own }).run();
      if (ended) await this.#alive(claim, () => this.#end(claim, ended.outcome, ended.keeps));
      else await giveBackBatch(context(), claim);
    } catch (error) {
      if (!isDatabaseAway(error)) logError("batch.run", error);
      await this.#leave(claim).catch((again) => logError("batch.leave", again));
    }
  }

  /** What broke here is taken up by another process, after a while; what breaks everywhere ends. */
  async #leave(claim: BatchClaim): Promise<void> {
    const { context } = this.#settings;
    const times = (this.#broken.get(claim.id) ?? 0) + 1;
    this.#broken.set(claim.id, times);
    if (times < brokenMost) return;
    const failure = "Its files could not be read. This is our fault: nothing more is billed. Ask in Help if it stays.";
    await endBatch(context(), claim, { outcome: "failed", failure }, { keeps: true });
  }

  /** Files of many results take longer to write than a lease lasts. */
  async #alive(claim: BatchClaim, work: () => Promise<void>): Promise<void> {
    const { context } = this.#settings;
    const renew = (): void => void beatBatch(context(), claim).catch((error) => logError("batch.beat", error));
    const timer = setInterval(renew, (leaseSeconds * 1000) / 5);
    try {
      await work();
    } finally {
      clearInterval(timer);
    }
  }

  async #end(claim: BatchClaim, outcome: BatchOutcome, keeps: boolean): Promise<void> {
    const { plane, context } = this.#settings;
    await plane.meter.settled();
    for (let tries = 0; tries < summedTries && (await unsummed(context(), claim)) > 0; tries++) await pause(summedMs);
    try {
      await endBatch(context(), claim, outcome, { keeps });
    } catch (error) {
      const refusal = asRefusal(error);
      if (!(refusal instanceof AppError)) throw error;
      // Zero retention has begun meanwhile: nothing of it is kept.
      await endBatch(context(), claim, { outcome: "failed", failure: refusal.message }, { keeps: false });
    }
  }
}
