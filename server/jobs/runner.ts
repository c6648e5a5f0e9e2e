import { Logger, parseCronItems, type Runner, run } from "graphile-worker";
import { logError } from "#lib/core/log.ts";
import { registry } from "./registry.ts";

const concurrency = 4;

/** The queue's own chatter is left out; what went wrong is in our log. */
const logger = new Logger(() => (level, message, meta) => {
  if (level === "error") logError("queue", meta?.error ?? message);
});

/** Runs queued and scheduled jobs until stopped; several runners share one queue. */
export async function startRunner(databaseUrl: string): Promise<Runner> {
  return run({
    connectionString: databaseUrl,
    concurrency,
    noHandleSignals: true,
    logger,
    taskList: Object.fromEntries(registry.map((job) => [job.name, (payload: unknown) => job.perform(payload)])),
    parsedCronItems: parseCronItems(
      registry.flatMap((job) =>
        job.cron
          ? [
              {
                task: job.name,
                match: job.cron,
                identifier: job.name,
                options: { maxAttempts: job.attempts, backfillPeriod: 0 },
              },
            ]
          : [],
      ),
    ),
  });
}
