import { setTimeout as pause } from "node:timers/promises";
import { Logger, parseCronItems, type Runner, run } from "graphile-worker";
import { trailOf } from "#lib/core/error-trail.ts";
import { Fault } from "#lib/core/errors.ts";
import type { Job, Lane } from "#lib/core/jobs/define.ts";
import { logError } from "#lib/core/log.ts";
import { registry } from "./registry.ts";

/** Seats of each lane in one process. Those of webhooks mostly wait for somebody else's server. */
const seats: Record<Lane, number> = { letters: 2, house: 3, webhooks: 12 };

/** A job that waits holds no connection, but its lane listens, looks for work and ends jobs. */
const connectionsMax = 3;

/** The queue's own chatter is left out; what went wrong is in our log. Its words repeat those of the error beside them. */
const logger = new Logger(() => (level, _message, meta) => {
  if (level === "error") logError("queue", meta?.error ?? new Fault("The queue has failed."));
});

/** Runs queued and scheduled jobs until stopped, each lane on its own; several processes share one queue. */
export async function startRunner(databaseUrl: string, jobs: readonly Job[] = registry): Promise<Pick<Runner, "stop">> {
  const lanes = (Object.keys(seats) as Lane[]).map((lane) => ({ lane, own: jobs.filter((job) => job.lane === lane) }));
  const runners = await Promise.all(
    lanes.filter(({ own }) => own.length > 0).map(({ lane, own }) => keepLane(() => startLane(databaseUrl, lane, own))),
  );
  return {
    stop: async () => {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

const retryMs = 1000;

/** A lane whose queue gives up, as it does without a database, is opened again: the process has other work to do. */
async function keepLane(open: () => Promise<Runner>): Promise<Pick<Runner, "stop">> {
  let runner = await open();
  let isStopping = false;
  const keep = async (): Promise<void> => {
    await runner.promise.catch((error: unknown) => void logError("queue.lane", error));
    if (isStopping) return;
    await pause(retryMs, undefined, { ref: false });
    runner = (await open().catch(() => undefined)) ?? runner;
    if (isStopping) await runner.stop();
    else await keep();
  };
  void keep();
  return {
    stop: () => {
      isStopping = true;
      return runner.stop();
    },
  };
}

function startLane(databaseUrl: string, lane: Lane, jobs: readonly Job[]): Promise<Runner> {
  return run({
    connectionString: databaseUrl,
    concurrency: seats[lane],
    maxPoolSize: connectionsMax,
    noHandleSignals: true,
    logger,
    taskList: Object.fromEntries(jobs.map((job) => [job.name, (payload: unknown) => performed(job, payload)])),
    parsedCronItems: parseCronItems(
      jobs.flatMap((job) =>
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

/** The queue keeps the words of what failed in its own table, so it is given no others than the log is. */
const performed = (job: Job, payload: unknown): Promise<void> =>
  job.perform(payload).catch((error: unknown) => {
    throw new Fault(trailOf(error));
  });
