import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { findPostgres, freePort } from "#db/embedded.ts";
import { postgresHome } from "#server/settle-environment.ts";
import type { ServerNote } from "#server/tenancy.ts";

const startMs = 90_000;

/** A server of its own on a folder of its own, started as operators do. */
export class Installation {
  readonly folder = path.resolve(".data", `torture-${randomBytes(4).toString("hex")}`);
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #port = 0;

  constructor(env: Record<string, string> = {}) {
    const { DATABASE_URL: _unset, npm_lifecycle_event: _npm, ...own } = process.env;
    fs.mkdirSync(this.folder, { recursive: true });
    this.#env = { ...own, DATA_DIR: this.folder, ...env };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when every part answers. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    const output = fs.openSync(path.join(this.folder, "output.log"), "a");
    this.#child = spawn(process.execPath, ["server/run.mjs", "start"], {
      stdio: ["ignore", output, output],
      env: { ...this.#env, PORT: String(this.#port) },
    });
    fs.closeSync(output);
    const deadline = performance.now() + startMs;
    while (performance.now() < deadline) {
      if (this.#child.exitCode !== null) throw new Error(`The server ended; see ${this.folder}/output.log.`);
      if (await this.isWell()) return;
      await pause(50);
    }
    throw new Error(`The server did not start; see ${this.folder}/output.log.`);
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether every part says that it answers. */
  async isWell(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(5000) })).status === 200;
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || !this.isRunning) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  pids(): Partial<ServerNote> & { front: (number | undefined)[] } {
    try {
      return JSON.parse(fs.readFileSync(path.join(this.folder, "server.json"), "utf8")) as ServerNote;
    } catch {
      return { front: [] };
    }
  }

  workerPid(): number | undefined {
    return this.#processes().find(({ args }) => args.includes("worker.mjs"))?.pid;
  }

  async postmasterPid(): Promise<number | undefined> {
    return (await findPostgres(postgresHome(this.folder)))?.pid;
  }

  /** Its port stays the same while the server runs. */
  async databaseUrl(): Promise<string> {
    const found = await findPostgres(postgresHome(this.folder));
    if (!found) throw new Error("The database does not run.");
    return found.url;
  }

  /** Everything of this installation that runs. */
  remaining(): string[] {
    return this.#processes().map(({ pid, args }) => `${pid} ${args.slice(0, 120)}`);
  }

  async admin<T>(...words: string[]): Promise<T> {
    const options = { env: this.#env, maxBuffer: 50_000_000 };
    const run = promisify(execFile)(process.execPath, ["server/run.mjs", "admin", ...words, "--json"], options);
    // A command that found something wrong ends with 1 and says what.
    const { stdout } = await run.catch((error: { stdout?: string }) => {
      if (!error.stdout) throw error;
      return { stdout: error.stdout };
    });
    return JSON.parse(stdout) as T;
  }

  output(): string {
    return fs.readFileSync(path.join(this.folder, "output.log"), "utf8");
  }

  /** What was started for this folder, by whomever: all of it has inherited the folder's name. */
  #processes(): { pid: number; args: string }[] {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const read = (file: string) => fs.readFileSync(`/proc/${name}/${file}`, "utf8");
        try {
          const isOwn = read("environ").split("\0").includes(`DATA_DIR=${this.folder}`);
          return isOwn ? [{ pid: Number(name), args: read("cmdline").replaceAll("\0", " ") }] : [];
        } catch {
          return [];
        }
      });
  }
}
