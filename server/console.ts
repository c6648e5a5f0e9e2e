import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { answers, freePort } from "#db/embedded.ts";
import { env } from "#lib/core/env.ts";

/** The Next process that renders the pages, on a loopback port only the front knows. */
export type ConsoleProcess = {
  pid: number;
  port: number;
  exited: Promise<number>;
  ready: () => Promise<void>;
  stop: () => Promise<void>;
};

export async function startConsole(mode: "start" | "dev"): Promise<ConsoleProcess> {
  const port = await freePort();
  const next = createRequire(path.resolve("package.json")).resolve("next/dist/bin/next");
  const follow = pathToFileURL(path.resolve("server/follow-parent.mjs")).href;
  const child = spawn(process.execPath, [next, mode, "-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      FRONT_PORT: String(env().PORT),
      PORT: String(port),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${follow}`.trim(),
    },
  });
  const exited = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
  return { pid: child.pid ?? 0, port, exited, ready: () => listening(port, child), stop: () => stop(child, exited) };
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if (await answers(port)) return;
    await pause(25);
  }
  throw new Error("The console's process ended before it was ready.");
}

async function stop(child: ChildProcess, exited: Promise<number>): Promise<void> {
  child.kill("SIGTERM");
  const slow = setTimeout(() => child.kill("SIGKILL"), 8000);
  await exited;
  clearTimeout(slow);
}
