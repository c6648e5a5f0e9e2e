import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "#db/pool.ts";
import type { Installation } from "./installation.ts";

/** Something that happens to an installation, and how long it lasts. */
export type Fault = {
  name: string;
  /** Whether it needs the supervisor to be started again by whoever watches over it. */
  endsSupervisor?: boolean;
  strike: (installation: Installation, holdMs: number) => Promise<void>;
};

type PidOf = (installation: Installation) => number | undefined | Promise<number | undefined>;

const kill = (pid: number | undefined, signal: NodeJS.Signals): void => {
  if (!pid) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
};

/** Stops a process as if the machine had no time for it, and lets it go on later if it is still there. */
const halt = (pidOf: PidOf): Fault["strike"] => {
  return async (installation, holdMs) => {
    const pid = await pidOf(installation);
    kill(pid, "SIGSTOP");
    await pause(holdMs);
    kill(pid, "SIGCONT");
  };
};

const end = (pidOf: PidOf, signal: NodeJS.Signals): Fault["strike"] => {
  return async (installation) => kill(await pidOf(installation), signal);
};

const front = (installation: Installation) => installation.pids().front[0];
const pages = (installation: Installation) => installation.pids().consolePid;
const worker = (installation: Installation) => installation.workerPid();
const postmaster = (installation: Installation) => installation.postmasterPid();

export const faults: readonly Fault[] = [
  { name: "front killed", strike: end(front, "SIGKILL") },
  { name: "console killed", strike: end(pages, "SIGKILL") },
  { name: "worker killed", strike: end(worker, "SIGKILL") },
  { name: "supervisor killed", endsSupervisor: true, strike: end((it) => it.pids().pid, "SIGKILL") },
  { name: "database shut down fast", strike: end(postmaster, "SIGINT") },
  { name: "database shut down immediately", strike: end(postmaster, "SIGQUIT") },
  { name: "database killed", strike: end(postmaster, "SIGKILL") },
  { name: "every connection terminated", strike: terminateAll },
  { name: "front halted", strike: halt(front) },
  { name: "console halted", strike: halt(pages) },
  { name: "worker halted", strike: halt(worker) },
  { name: "database halted", strike: haltDatabase },
  { name: "disk full", strike: fillDisk },
];

async function terminateAll(installation: Installation): Promise<void> {
  const { sql } = connect(await installation.databaseUrl(), 1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`.catch(
    () => undefined,
  );
  await sql.end({ timeout: 1 });
}

/** The postmaster and everything it has started. */
async function haltDatabase(installation: Installation, holdMs: number): Promise<void> {
  const pids = familyOf(await installation.postmasterPid());
  for (const pid of pids) kill(pid, "SIGSTOP");
  await pause(holdMs);
  for (const pid of pids) kill(pid, "SIGCONT");
}

function familyOf(pid: number | undefined): number[] {
  if (!pid) return [];
  const children = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid);
  return [pid, ...children.map(([child = 0]) => child)];
}

/** No file of the database may grow any more: the nearest to a full disk that needs no disk of its own. */
async function fillDisk(installation: Installation, holdMs: number): Promise<void> {
  const pids = familyOf(await installation.postmasterPid());
  const limit = (size: string) => {
    for (const pid of pids) {
      try {
        execFileSync("prlimit", ["--pid", String(pid), `--fsize=${size}`], { stdio: "ignore" });
      } catch {
        // It has ended, or this system has no such limit.
      }
    }
  };
  limit("8192:unlimited");
  await pause(holdMs);
  limit("unlimited:unlimited");
}

/** Whether this system can limit the files of another process. */
export function canFillDisk(): boolean {
  return ["/usr/bin/prlimit", "/bin/prlimit"].some((file) => fs.existsSync(file));
}
