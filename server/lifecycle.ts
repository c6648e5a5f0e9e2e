import { setTimeout as pause } from "node:timers/promises";
import { log, logError } from "#lib/core/log.ts";
import { refuse } from "./settle-environment.ts";

type Step = { run: () => Promise<unknown>; mostMs: number };

/** What was started, to be stopped in the opposite order. */
const started: Step[] = [];
let stopping: Promise<never> | undefined;

/** `mostMs`: what the step may take, after which the next one begins all the same. */
export const onStop = (run: Step["run"], mostMs = 10_000): void => void started.push({ run, mostMs });

/** Requests under way are finished where there is time; then everything this process started is stopped. */
export function stop(code: number): Promise<never> {
  stopping ??= (async () => {
    log("stopping");
    await stopAll((error) => void logError("stop", error));
    process.exit(code);
  })();
  return stopping;
}

async function stopAll(onError: (error: unknown) => void): Promise<void> {
  for (const { run, mostMs } of started.reverse()) {
    await Promise.race([Promise.resolve().then(run).catch(onError), pause(mostMs, undefined, { ref: false })]);
  }
}

/** Runs until it is told to stop; what cannot start leaves nothing running. */
export async function runUntilStopped(main: () => Promise<void>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  // By itself it opens a debugger, which could read what people ask.
  if (process.env.NODE_ENV !== "development") process.on("SIGUSR1", () => undefined);
  // Work that no one waits for has failed, which says nothing about the rest of the process.
  process.on("unhandledRejection", (error) => void logError("process.rejection", error));
  process.on("uncaughtException", (error) => {
    logError("process.exception", error);
    void stop(1);
  });
  stopWithNpm();
  await main().catch(async (error: unknown) => {
    await stopAll(() => undefined);
    refuse(error);
  });
}

/** npm runs us in a shell that dies of SIGTERM without passing it on, so we notice being orphaned. */
function stopWithNpm(): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 300).unref();
}
