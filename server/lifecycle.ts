import { log, logError } from "#lib/core/log.ts";
import { refuse } from "./settle-environment.ts";

type Step = () => Promise<unknown>;

/** What was started, to be stopped in the opposite order. */
const started: Step[] = [];
let stopping: Promise<never> | undefined;

export const onStop = (step: Step): void => void started.push(step);

/** Requests under way are finished where there is time; then everything this process started is stopped. */
export function stop(code: number): Promise<never> {
  stopping ??= (async () => {
    log("stopping");
    for (const step of started.reverse()) {
      await step().catch((error: unknown) => void logError("stop", error));
    }
    process.exit(code);
  })();
  return stopping;
}

/** Runs until it is told to stop; what cannot start leaves nothing running. */
export async function runUntilStopped(main: () => Promise<void>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
  stopWithNpm();
  await main().catch(async (error: unknown) => {
    for (const step of started.reverse()) await step().catch(() => undefined);
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
