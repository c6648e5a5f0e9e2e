import { setTimeout as pause } from "node:timers/promises";
import { Logger, parseCronItems, type Runner, run } from "graphile-worker";
import { isDatabaseAway } from "#db/sqlstate.ts";
import { addMinutes, startOfDay } from "#lib/core/clock.ts";
import { trailOf } from "#lib/core/error-trail.ts";
import { Fault } from "#lib/core/errors.ts";
import type { Job, Lane } from "#lib/core/jobs/define.ts";
import { logError } from "#lib/core/log.ts";
import { noteRun, noteSchedules } from "#lib/domain/jobs/commands.ts";
import { systemContext } from "#server/system-context.ts";
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
  await noteWhenThere(scheduledOf(jobs));
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

/** A busy machine can take longer to connect than a statement waits: the process starts all the same. */
async function noteWhenThere(scheduled: ReturnType<typeof scheduledOf>): Promise<void> {
  for (;;) {
    try {
      return await noteSchedules(systemContext("worker"), scheduled);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await pause(retryMs);
    }
  }
}

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
    parsedCronItems: cronItems(jobs),
  });
}

const cronItems = (jobs: readonly Job[]) =>
  parseCronItems(
    jobs.flatMap(({ name, cron, attempts }) =>
      cron
        ? [{ task: name, match: cron, identifier: name, options: { maxAttempts: attempts, backfillPeriod: 0 } }]
        : [],
    ),
  );

/** As far as schedules are looked at: those of a month are the longest. */
const daysLooked = 63;

/** What comes again by itself, and how long its schedule waits at most. */
function scheduledOf(jobs: readonly Job[]) {
  const schedules = new Map(jobs.map(({ name, cron }) => [name, cron ?? ""]));
  const minutes = minutesLooked();
  return cronItems(jobs).map(({ task, match }) => ({
    name: task,
    schedule: schedules.get(task) ?? "",
    everyMinutes: longestWait(match, minutes),
  }));
}

type Match = ReturnType<typeof cronItems>[number]["match"];
type Minute = Parameters<Match>[0];

/** Two months of minutes as schedules see them, made once: nothing else runs in the process meanwhile. */
const minutesLooked = (): Minute[] =>
  Array.from({ length: daysLooked * 1440 }, (_, minute) => {
    const at = addMinutes(startOfDay("2026-01-01"), minute);
    return {
      min: at.getUTCMinutes(),
      hour: at.getUTCHours(),
      date: at.getUTCDate(),
      month: at.getUTCMonth() + 1,
      dow: at.getUTCDay(),
    };
  });

/** In minutes, over two months. */
function longestWait(match: Match, minutes: readonly Minute[]): number {
  let [longest, last] = [0, 0];
  for (const [minute, digest] of minutes.entries()) {
    if (!match(digest)) continue;
    longest = Math.max(longest, minute - last);
    last = minute;
  }
  return Math.max(1, longest);
}

/** The queue keeps the words of what failed in its own table, so it is given no others than the log is. */
async function performed(job: Job, payload: unknown): Promise<void> {
  const failure = await job.perform(payload).then(
    () => null,
    (error: unknown) => trailOf(error),
  );
  // What was done is done, whether it can be noted or not.
  if (job.cron)
    await noteRun(systemContext(job.name), job.name, failure).catch(
      (error: unknown) => void logError("job.note", error),
    );
  if (failure !== null) throw new Fault(failure);
}
