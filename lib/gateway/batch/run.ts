import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import { allotAnew, beatBatch, keepAnswers, noteWait } from "#lib/domain/batch/claims/commands.ts";
import type { AllottedLine, Answer, BatchClaim, BatchOrders, BatchOutcome } from "#lib/domain/batch/claims/view.ts";
import type { OpenLine } from "#lib/domain/batch/reading/commands.ts";
import type { LineProblem } from "#lib/domain/batch/reading/rules.ts";
import { asRefusal, mustNotKeep, zeroRetention } from "#lib/domain/retention/rules.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";
import { type Asked, askOnce } from "./ask.ts";
import { whileAway } from "./away.ts";
import { linesToAsk } from "./lines.ts";
import { Pace } from "./pace.ts";
import type { Permits } from "./permits.ts";
import { secondsBefore, triesMost, type Verdict, verdictOf } from "./rules.ts";

type Parts = {
  plane: DataPlane;
  claim: BatchClaim;
  context: () => AccountContext;
  permits: Permits;
  /** How many requests of one batch are under way at once. */
  atOnce: number;
  /** Whether others have no place while this one has: a batch that waits makes room. */
  isCrowded: () => boolean;
  stopping: AbortSignal;
};

/** Answers that are committed together, and how long the first of them waits for it. */
const keptTogether = 16;
const keepMs = 500;
const beatMs = 2000;
/** From this age on a request that waits gets a new id: until then an event of an earlier try may still be summed. */
const oldMs = 60_000;
const noTokens = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

const told = (error: unknown): void => void logError("batch.beat", error);

const problems = {
  cancel: { code: "batch_cancelled", message: "The batch was cancelled before this request was answered." },
  expire: { code: "batch_expired", message: "This request was not answered before the batch's time was over." },
  failed: { code: "batch_failed", message: "The batch ended before this request was answered." },
} as const satisfies Record<string, LineProblem>;

/** A process's turn at one batch, from its claim to its last line. */
export class BatchRun {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  readonly #pace = new Pace();
  #orders: BatchOrders = "go_on";
  #failure: { message: string; keeps: boolean } | undefined;
  #isMakingRoom = false;
  #answers: Answer[] = [];
  #keeping: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What became of it; nothing where the turn is over, or the process stops. */
  async run(): Promise<{ outcome: BatchOutcome; keeps: boolean } | null> {
    const { atOnce } = this.#parts;
    const alive = setInterval(() => void this.#beat().catch(told), beatMs);
    const keeping = setInterval(() => void this.#keep(), keepMs);
    try {
      await this.#beat();
      const lines = linesToAsk(this.#parts, { orders: () => this.#orders, isOver: () => this.#isOver });
      await Promise.all(Array.from({ length: atOnce }, () => this.#work(lines)));
      while (this.#answers.length > 0 && !this.#isLost) await this.#keep();
      await this.#keeping;
    } finally {
      clearInterval(alive);
      clearInterval(keeping);
    }
    return this.#end();
  }

  #end(): { outcome: BatchOutcome; keeps: boolean } | null {
    // What it left out is another turn's: only who has read to the end can say how it ends.
    if (this.#isLost || this.#isLeaving) return null;
    if (this.#failure) {
      const { message, keeps } = this.#failure;
      return { outcome: { outcome: "failed", failure: message }, keeps };
    }
    if (this.#orders === "cancel") return { outcome: { outcome: "cancelled" }, keeps: true };
    if (this.#orders === "expire") return { outcome: { outcome: "expired" }, keeps: true };
    return { outcome: { outcome: "done" }, keeps: true };
  }

  get #isLost(): boolean {
    return this.#orders === "lost";
  }

  /** Whether another turn goes on from here. */
  get #isLeaving(): boolean {
    return this.#parts.stopping.aborted || this.#isMakingRoom;
  }

  /** Whether nothing more is to be read. */
  get #isOver(): boolean {
    return this.#isLeaving || this.#isLost || this.#failure !== undefined || this.#orders === "cancel";
  }

  #heard(orders: BatchOrders): void {
    this.#orders = orders;
    if (orders !== "go_on") this.#ending.abort();
  }

  async #beat(): Promise<void> {
    const { context, claim } = this.#parts;
    try {
      this.#heard(await beatBatch(context(), claim));
    } catch (error) {
      // Whether the turn is still this one's shows when the database is back.
      if (!isDatabaseAway(error)) throw error;
    }
  }

  async #work(lines: AsyncGenerator<OpenLine>): Promise<void> {
    for (;;) {
      const next = await lines.next();
      if (next.done) return;
      const answer = await this.#answerOf(next.value);
      if (answer) this.#answers.push(answer);
      if (this.#answers.length >= keptTogether) await this.#keep();
    }
  }

  /** One commit at a time. What could not be kept is kept by the next. */
  #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(async () => {
      const answers = this.#answers.splice(0, 4 * keptTogether);
      if (answers.length === 0) return;
      const { context, claim } = this.#parts;
      try {
        this.#heard(await keepAnswers(context(), claim, answers));
      } catch (error) {
        if (!isDatabaseAway(error)) {
          this.#fail(error);
          return;
        }
        this.#answers.unshift(...answers);
        await pause(1000);
      }
    });
    return this.#keeping;
  }

  /** What cannot be kept ends the batch: most often, zero retention has begun. */
  #fail(thrown: unknown): void {
    const error = asRefusal(thrown);
    const isAbout = error instanceof AppError;
    if (!isAbout) logError("batch.keep", error);
    const keeps = isAbout && error.code !== "zdr_incompatible";
    this.#failure ??= { message: isAbout ? error.message : "Its answers could not be kept.", keeps };
    this.#ending.abort();
  }

  async #answerOf(open: OpenLine): Promise<Answer | null> {
    if (open.isGivenUp)
      return refused(open, { code: "internal_error", message: "This request could not be answered." });
    let line: AllottedLine = open;
    for (let attempt = 1; ; attempt += 1) {
      const said = await this.#askedOrEnded(line, open.isBilled);
      if (said === null) return null;
      if ("problem" in said) return refused(line, said.problem);
      const verdict = whatNow(said.asked, attempt);
      if (verdict.kind === "final") return resultOf(line, said.asked);
      if (verdict.kind !== "again") attempt -= 1;
      await this.#restFor(verdict, attempt);
      line = await this.#renewed(line, open.isBilled);
    }
  }

  async #restFor(verdict: Exclude<Verdict, { kind: "final" }>, attempt: number): Promise<void> {
    if (verdict.kind === "waits") await this.#wait(verdict.problem);
    await this.#rest(verdict.kind === "again" ? secondsBefore(attempt) : verdict.seconds);
    if (verdict.kind === "waits" && this.#orders === "go_on" && this.#parts.isCrowded()) this.#makeRoom();
  }

  /** The answer to one try; null where the process stops, a problem where the batch is over. */
  async #askedOrEnded(
    line: AllottedLine,
    isBilled: boolean,
  ): Promise<{ asked: Asked } | { problem: LineProblem } | null> {
    const { plane, claim, permits } = this.#parts;
    await this.#pace.turn(this.#ending.signal);
    if (this.#isLeaving || this.#isLost) return null;
    if (this.#failure) return { problem: problems.failed };
    // What was billed already is asked once more, so that its answer is not lost.
    if (this.#orders !== "go_on" && !isBilled) return { problem: problems[this.#orders as "cancel" | "expire"] };
    const key = await this.#key();
    if (!key) return { problem: problems.failed };
    const asked = await permits.with(() => askOnce(plane, key, claim, line));
    if (asked.collected) this.#pace.saw(asked.collected.headers);
    return { asked };
  }

  /** The key as it is now. One that has ended, and a place of which nothing may be kept, end the batch. */
  async #key(): Promise<AuthenticatedKey | null> {
    const { plane, claim } = this.#parts;
    try {
      const key = await plane.authenticator.byId({ organizationId: claim.organizationId, id: claim.keyId });
      if (mustNotKeep(key, "files")) throw zeroRetention("Batches keep what is asked and answered");
      return key;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#fail(error);
      return null;
    }
  }

  #makeRoom(): void {
    this.#isMakingRoom = true;
    this.#ending.abort();
  }

  async #wait(problem: string): Promise<void> {
    const { context, claim } = this.#parts;
    if (this.#orders === "go_on")
      await whileAway(
        () => noteWait(context(), claim, problem),
        () => this.#isOver,
      );
  }

  async #renewed(line: AllottedLine, isBilled: boolean): Promise<AllottedLine> {
    const { context, claim } = this.#parts;
    const ctx = context();
    if (isBilled || ctx.now.getTime() - line.at.getTime() < oldMs || this.#orders !== "go_on") return line;
    const renewed = await whileAway(
      () => allotAnew(ctx, claim, line),
      () => this.#isOver,
    );
    return renewed === "lost" || renewed === undefined ? line : renewed;
  }

  async #rest(seconds: number): Promise<void> {
    const signal = AbortSignal.any([this.#ending.signal, this.#parts.stopping]);
    this.#pace.holdUntil(stopwatch() + seconds * 1000);
    await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

const refused = ({ line, requestId, customId }: AllottedLine, problem: LineProblem): Answer => ({
  ...{ line, requestId, customId, problem },
  ...{ response: null, costPico: 0n, tokens: noTokens },
});

/** Whether what came of a try stands. While the database is away nothing does; what was cut has no other answer. */
function whatNow({ collected, isAway }: Asked, attempt: number): Verdict {
  if (isAway) return { kind: "slower", seconds: 1 };
  const verdict: Verdict = collected ? verdictOf(collected) : { kind: "final" };
  return verdict.kind === "again" && attempt >= triesMost ? { kind: "final" } : verdict;
}

function resultOf(line: AllottedLine, { collected, bill }: Asked): Answer {
  if (!collected) return refused(line, problems.failed);
  const { requestId, customId } = line;
  const response = { status: collected.status, body: JSON.parse(collected.body) as unknown };
  const tokens = bill?.tokens ?? noTokens;
  return { line: line.line, requestId, customId, response, problem: null, costPico: bill?.cost ?? 0n, tokens };
}
