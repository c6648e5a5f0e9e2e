import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "#db/sqlstate.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import {
  addCheckpoint,
  beat,
  claimJob,
  finishClaim,
  giveBack,
  loseClaim,
  rememberUpstream,
} from "#lib/domain/fine-tuning/claims/commands.ts";
import { renewSeconds } from "#lib/domain/fine-tuning/claims/rules.ts";
import { taskOf } from "#lib/domain/fine-tuning/claims/task/commands.ts";
import type { Claim } from "#lib/domain/fine-tuning/claims/view.ts";
import type { ClaimLine, Orders, Outcome, Trainer } from "#lib/engine/training/port.ts";

type Settings = {
  /** One for each training at once. */
  trainers: readonly Trainer[];
  /** A context for what is done now. */
  context: () => AccountContext;
  /** How often it is asked for work where there was none. */
  pollMs?: number;
};

type Report = Parameters<ClaimLine["beat"]>[0];
const nothing: Omit<Report, "step"> = { points: [], log: [] };

/** Trains what waits for the trainers of this process. Several processes share one line; each job is one process's at a time. */
export class TrainingRunner {
  readonly #settings: Settings;
  readonly #stopping = new AbortController();
  #loops: Promise<void>[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  start(): void {
    this.#loops = this.#settings.trainers.map((trainer) => this.#serve(trainer));
  }

  /** Gives back what it trains: another process goes on from the last checkpoint. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #serve(trainer: Trainer): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const claim = await this.#next(trainer);
      if (claim) await this.#train(trainer, claim);
      else await pause(this.#settings.pollMs ?? 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #next({ kind }: Trainer): Promise<Claim | null> {
    try {
      return await claimJob(this.#settings.context(), { kinds: [kind], models: null });
    } catch (error) {
      if (!isDatabaseAway(error)) logError("fine-tuning.claim", error);
      return null;
    }
  }

  async #train(trainer: Trainer, claim: Claim): Promise<void> {
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, ending.signal]);
    const line = new Line(claim, this.#settings.context, () => ending.abort());
    const alive = setInterval(() => void line.renew(), (renewSeconds * 1000) / 3);
    try {
      const task = await taskOf(this.#settings.context(), claim);
      const outcome = await trainer.train(task, line, signal);
      if (!this.#stopping.signal.aborted || outcome.outcome !== "lost") return await this.#finish(claim, outcome);
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        logError("fine-tuning.train", error);
        return await this.#settled(() => loseClaim(this.#settings.context(), claim));
      }
    } finally {
      clearInterval(alive);
    }
    await this.#settled(() => giveBack(this.#settings.context(), claim));
  }

  async #finish(claim: Claim, outcome: Outcome): Promise<void> {
    await this.#settled(() => finishClaim(this.#settings.context(), claim, outcome));
  }

  /** Tried until the database takes it; a process that stops leaves it to the next claim. */
  async #settled(write: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await write();
        return;
      } catch (error) {
        if (!isDatabaseAway(error)) {
          logError("fine-tuning.finish", error);
          return;
        }
        if (this.#stopping.signal.aborted) return;
        await pause(1000);
      }
    }
  }
}

/** What a trainer holds of its claim, over commands of this process. */
class Line implements ClaimLine {
  readonly remembered: Readonly<Record<string, string>>;
  readonly #claim: Claim;
  readonly #context: () => AccountContext;
  readonly #lost: () => void;
  /** What could not be told yet: it goes with the next report. */
  #untold: Report;

  constructor(claim: Claim, context: () => AccountContext, lost: () => void) {
    this.#claim = claim;
    this.#context = context;
    this.#lost = lost;
    this.remembered = claim.upstream;
    this.#untold = { step: claim.fromStep, ...nothing };
  }

  renew = (): Promise<Orders> => this.beat({ step: this.#untold.step, ...nothing });

  beat = async ({ step, points, log }: Report): Promise<Orders> => {
    const report = { step, points: [...this.#untold.points, ...points], log: [...this.#untold.log, ...log] };
    this.#untold = { step, ...nothing };
    try {
      return this.#heard(await beat(this.#context(), this.#claim, report));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      // Training goes on meanwhile; whether the turn is still this one's shows when the database is back.
      this.#untold = report;
      return "go_on";
    }
  };

  checkpoint: ClaimLine["checkpoint"] = async (report) =>
    this.#heard(await addCheckpoint(this.#context(), this.#claim, report));

  remember: ClaimLine["remember"] = (names) => rememberUpstream(this.#context(), this.#claim, names);

  #heard(orders: Orders): Orders {
    if (orders === "lost") this.#lost();
    return orders;
  }
}
