import { fork } from "node:child_process";
import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import os from "node:os";
import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { consoleAnswers, type Internal, spawnConsole } from "#server/console.ts";
import type { PartStates } from "#server/front.ts";
import { onStop } from "#server/lifecycle.ts";
import { frontFlags, quietFlags } from "#server/node-flags.ts";
import { longestDrainMs } from "#server/serving.ts";
import { Part } from "./part.ts";

const second = 1000;
/** What a process gets to end what is under way; a front lets requests finish first. */
const grace = { front: longestDrainMs + 15 * second, worker: 20 * second, console: 8 * second };

const execArgv = ["--enable-source-maps"];
const bundle = (name: string): string => path.resolve("dist", `${name}.mjs`);

/** Every process of the installation but the database. Each of them is kept running. */
export class Parts {
  readonly #states: PartStates;
  readonly #console: Part;
  readonly #worker: Part | undefined;
  readonly #fronts: Part[];
  readonly #port: number;
  readonly #internal: Internal;

  /** The ports are of loopback; `onChange` is called when a process answers or has ended. */
  constructor(env: Env, ports: { console: number; internal: number }, onChange: () => void) {
    this.#port = env.PORT;
    const token = randomBytes(32).toString("base64url");
    this.#internal = { INTERNAL_PORT: String(ports.internal), INTERNAL_TOKEN: token };
    this.#states = { console: false, worker: env.WORKER === "off" };
    const changed = (change: Partial<PartStates>): void => {
      Object.assign(this.#states, change);
      for (const front of this.#fronts) this.#inform(front);
      onChange();
    };
    this.#console = new Part({
      name: "console",
      spawn: () => spawnConsole("start", ports.console, this.#internal),
      probe: () => consoleAnswers(ports.console),
      onChange: (isUp) => changed({ console: isUp }),
      graceMs: grace.console,
    });
    this.#worker =
      env.WORKER === "off"
        ? undefined
        : new Part({
            name: "worker",
            spawn: () => fork(bundle("worker"), { execArgv: [...execArgv, ...quietFlags()] }),
            onChange: (isUp) => changed({ worker: isUp }),
            graceMs: grace.worker,
          });
    // The system spreads connections. If the supervisor did, its standing still would hold them all up.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({
      exec: bundle("front"),
      args: [String(ports.console)],
      execArgv: [...execArgv, ...frontFlags()],
    });
    const count = env.PROCESSES ?? Math.max(1, os.availableParallelism() - 1);
    this.#fronts = Array.from({ length: count }, () => this.#front(onChange));
  }

  /** Resolves when everything answers; rejects when something ends before it does. */
  async start(): Promise<void> {
    onStop(() => this.#console.stop(), grace.console);
    onStop(async () => this.#worker?.stop(), grace.worker);
    onStop(() => Promise.all(this.#fronts.map((front) => front.stop())), grace.front);
    const all = [this.#console, this.#worker, ...this.#fronts];
    await Promise.all(all.map((part) => part?.start()));
  }

  pids(): { front: (number | undefined)[]; worker: number | undefined; console: number | undefined } {
    return { front: this.#fronts.map(({ pid }) => pid), worker: this.#worker?.pid, console: this.#console.pid };
  }

  #front(onChange: () => void): Part {
    const front: Part = new Part({
      name: "front",
      spawn: () => cluster.fork({ PORT: String(this.#port), ...this.#internal }).process,
      onChange: (isUp) => {
        if (isUp) this.#inform(front);
        onChange();
      },
      graceMs: grace.front,
    });
    return front;
  }

  #inform(front: Part): void {
    front.send({ parts: this.#states });
  }
}
