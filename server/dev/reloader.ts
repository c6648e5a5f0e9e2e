import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Door } from "./door.ts";

const patienceMs = 2000;

/** Keeps one process behind a door, and puts another in its place when it is told to. */
export class Reloader {
  readonly #door: Door;
  readonly #start: () => ChildProcess;
  #child: ChildProcess | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(door: Door, start: () => ChildProcess) {
    this.#door = door;
    this.#start = start;
  }

  /** Resolves when the new process answers, or with false when it ended instead. One after the other. */
  replace(): Promise<boolean> {
    const replaced = this.#work.then(() => this.#replace());
    this.#work = replaced;
    return replaced;
  }

  async stop(): Promise<void> {
    this.#door.close();
    await this.#work;
    await this.#end();
  }

  async #replace(): Promise<boolean> {
    this.#door.lead("starting");
    await this.#end();
    const child = this.#start();
    this.#child = child;
    const ended = once(child, "exit").then(() => {
      if (this.#child === child) this.#door.lead("ended");
      return false;
    });
    const isReady = await Promise.race([once(child, "message").then(() => true), ended]);
    if (isReady) this.#door.lead(child);
    return isReady;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    // By message, because those come in their order: connections that were handed over before are answered first.
    child.send("stop");
    const slow = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await ended;
    clearTimeout(slow);
  }
}
