import type { ChildProcess } from "node:child_process";
import fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { stopwatch } from "#lib/core/clock.ts";
import { Fault } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";

const second = 1000;
const watchMs = 250;
/** Silence of a process that somebody stopped; it cannot go on by itself. */
const stoppedMs = 2 * second;
/** Silence of a process that runs. A busy machine may keep one from speaking for a while. */
const silentMs = 15 * second;
const startMs = 120 * second;
const shortestPauseMs = 100;
const longestPauseMs = 5 * second;
/** A process that ran this long did not fail because of how it starts. */
const settledMs = 30 * second;

export type PartOptions = {
  name: string;
  spawn: () => ChildProcess;
  /** Asks the process for a sign of life; without it, the process sends messages by itself. */
  probe?: () => Promise<boolean>;
  /** Told when the process answers, and when it has ended. */
  onChange?: (isUp: boolean) => void;
  /** What it gets to end what is under way. */
  graceMs: number;
};

/** One process of the installation: started again when it ends, ended when it falls silent. */
export class Part {
  readonly #options: PartOptions;
  #child: ChildProcess | undefined;
  #heardAt = 0;
  #lastTick = 0;
  #pauseMs = shortestPauseMs;
  #isStopping = false;
  #isUp = false;
  #isAsking = false;

  constructor(options: PartOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process answers, and rejects when the first one ends before. */
  async start(): Promise<void> {
    const { name } = this.#options;
    const first = this.#spawn();
    if (!(await this.#answered(first))) throw new Fault(`The process "${name}" ended before it was ready.`);
    void this.#keep(first);
  }

  send(message: unknown): void {
    // A process that is ending does not listen any more.
    if (this.#child?.connected) this.#child.send(message as object, () => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (!child || hasEnded(child)) return;
    const ended = endOf(child);
    child.kill("SIGTERM");
    const slow = setTimeout(() => child.kill("SIGKILL"), this.#options.graceMs);
    await ended;
    clearTimeout(slow);
  }

  #spawn(): ChildProcess {
    const child = this.#options.spawn();
    this.#child = child;
    this.#heardAt = stopwatch();
    child.on("error", () => undefined);
    child.on("message", (message: unknown) => {
      this.#heardAt = stopwatch();
      if (message === "ready") this.#turn(true);
    });
    return child;
  }

  /** Starts one after another, with pauses that grow while none of them lasts. */
  async #keep(first: ChildProcess): Promise<void> {
    for (let child = first; ; ) {
      const begun = stopwatch();
      await this.#watched(child);
      this.#turn(false);
      if (this.#isStopping) return;
      log("part.ended", { part: this.#options.name, code: child.exitCode, signal: child.signalCode });
      if (stopwatch() - begun > settledMs) this.#pauseMs = shortestPauseMs;
      await pause(this.#pauseMs);
      if (this.#isStopping) return;
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
      child = this.#spawn();
    }
  }

  /** Whether the process answered before it ended. */
  async #answered(child: ChildProcess): Promise<boolean> {
    const deadline = stopwatch() + startMs;
    while (!hasEnded(child) && stopwatch() < deadline) {
      await this.#ask();
      if (this.#isUp) return true;
      await pause(25);
    }
    child.kill("SIGKILL");
    return false;
  }

  /** Resolves when the process has ended, which it is made to when nothing is heard of it. */
  async #watched(child: ChildProcess): Promise<void> {
    let isOver = hasEnded(child);
    const ended = endOf(child).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await Promise.race([ended, pause(this.#isUp ? watchMs : 25)]);
      this.#excuse();
      if (isOver) return;
      void this.#ask();
      if (this.#isLost(child.pid ?? 0)) {
        log("part.silent", { part: this.#options.name });
        child.kill("SIGKILL");
        await ended;
      }
    }
  }

  #isLost(pid: number): boolean {
    const silence = stopwatch() - this.#heardAt;
    return silence > (this.#isUp ? silentMs : startMs) || (silence > stoppedMs && isHalted(pid));
  }

  async #ask(): Promise<void> {
    const { probe } = this.#options;
    if (!probe || this.#isAsking) return;
    this.#isAsking = true;
    const isThere = await probe().catch(() => false);
    this.#isAsking = false;
    if (!isThere) return;
    this.#heardAt = stopwatch();
    this.#turn(true);
  }

  /** Who slept heard nothing: then the silence is our own. */
  #excuse(): void {
    const at = stopwatch();
    if (at - this.#lastTick > second) this.#heardAt = at;
    this.#lastTick = at;
  }

  #turn(isUp: boolean): void {
    if (this.#isUp === isUp) return;
    this.#isUp = isUp;
    this.#options.onChange?.(isUp);
  }
}

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null || pid === undefined;

const endOf = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (hasEnded(child)) resolve();
    else child.once("exit", () => resolve());
  });

/** Whether somebody stopped a process as SIGSTOP does; known on Linux only. */
function isHalted(pid: number): boolean {
  try {
    const state = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
    return state === "T" || state === "t";
  } catch {
    return false;
  }
}
