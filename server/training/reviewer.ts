import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "#db/sqlstate.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import {
  claimReview,
  failReview,
  giveBackReview,
  keepPrompts,
  keepReview,
  promptsTaskOf,
  renewReview,
  reviewTaskOf,
} from "#lib/domain/fine-tuning/review/making/commands.ts";
import type { ReviewClaim } from "#lib/domain/fine-tuning/review/making/view.ts";
import { leaseSeconds } from "#lib/domain/fine-tuning/review/rules.ts";
import { foreignPrompts } from "#lib/engine/training/foreign-prompts.ts";
import type { Reviewer } from "#lib/engine/training/port.ts";

type Settings = {
  /** Undefined where the embedded model is off. */
  reviewer: Reviewer | undefined;
  context: () => AccountContext;
  pollMs?: number;
};

const elsewhere: readonly ReviewClaim["kind"][] = ["forward", "pull"];

/** Makes the reviews that are asked for, one after another. Several processes share them; each is one process's at a time. */
export class ReviewRunner {
  readonly #settings: Settings;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get #kinds(): readonly ReviewClaim["kind"][] {
    return this.#settings.reviewer ? ["embedded", ...elsewhere] : elsewhere;
  }

  start(): void {
    this.#loop = this.#serve();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #serve(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const claim = await this.#tried(() => claimReview(this.#settings.context(), this.#kinds));
      if (claim) await this.#make(claim);
      else await pause(this.#settings.pollMs ?? 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #make(claim: ReviewClaim): Promise<void> {
    const { reviewer, context } = this.#settings;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, lost.signal]);
    const renew = async (): Promise<void> => {
      if ((await this.#tried(() => renewReview(context(), claim))) === false) lost.abort();
    };
    const alive = setInterval(() => void renew(), (leaseSeconds * 1000) / 4);
    try {
      await (reviewer && claim.kind === "embedded" ? this.#review(reviewer, claim, signal) : this.#prepare(claim));
    } catch (error) {
      if (lost.signal.aborted) return;
      await this.#tried(() => this.#ended(claim, error));
    } finally {
      clearInterval(alive);
    }
  }

  async #review(reviewer: Reviewer, claim: ReviewClaim, signal: AbortSignal): Promise<void> {
    const { context } = this.#settings;
    await keepReview(context(), claim, await reviewer.review(await reviewTaskOf(context(), claim), signal));
  }

  /** Another server answers, at a price: what to ask is made ready, and a person has it asked. */
  async #prepare(claim: ReviewClaim): Promise<void> {
    const { context } = this.#settings;
    await keepPrompts(context(), claim, await foreignPrompts(await promptsTaskOf(context(), claim)));
  }

  /** What the data says ends it; a fault of ours leaves it to its next turn, once the lease is over. */
  async #ended(claim: ReviewClaim, error: unknown): Promise<void> {
    const context = this.#settings.context();
    if (this.#stopping.signal.aborted) return giveBackReview(context, claim);
    if (error instanceof AppError && error.problem !== "unavailable") await failReview(context, claim, error.message);
    else logError("fine-tuning.review", error);
  }

  async #tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error)) logError("fine-tuning.review", error);
      return undefined;
    }
  }
}
