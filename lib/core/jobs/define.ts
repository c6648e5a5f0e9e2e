import { sql } from "drizzle-orm";
import type { z } from "zod";
import { db } from "#db/client.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { now, onDatabaseClock } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";

/**
 * Seats that work shares. Letters never wait for anything else, and what a customer's server can draw out waits only for
 * its like.
 */
export type Lane = "house" | "letters" | "webhooks";

/** What is needed to queue work: its name and payload, without the code that does it. */
export type JobKind<P extends z.ZodType = z.ZodType> = {
  /** `noun.verb-object`; stored with queued work, so it never changes. */
  name: string;
  payload: P;
  /** How often it is tried before it counts as failed for good. */
  attempts?: number;
  lane?: Lane;
};

type Definition<P extends z.ZodType> = JobKind<P> & {
  /** When it runs by itself, in crontab notation, UTC; several processes still run it once. */
  cron?: string;
  /** The clause of the terms it carries out, if it does one. */
  clause?: ClauseId;
  run: (ctx: AccountContext, payload: z.output<P>) => Promise<void>;
};

export type Job<P extends z.ZodType = z.ZodType> = Required<JobKind<P>> & {
  cron: string | undefined;
  clause: ClauseId | undefined;
  /** What the queue calls: parses the payload and gives the job its context. */
  perform: (payload: unknown) => Promise<void>;
};

const defaultAttempts = 8;

/** The way in for background work. A payload holds ids, never copies of what they name. */
export function defineJob<P extends z.ZodType>({
  name,
  payload,
  attempts = defaultAttempts,
  lane = "house",
  cron,
  clause,
  run,
}: Definition<P>): Job<P> {
  return {
    name,
    attempts,
    lane,
    cron,
    clause,
    payload,
    perform: async (given) => run(jobContext(name), payload.parse(given)),
  };
}

function jobContext(name: string): AccountContext {
  return acrossTenants({
    db: db(),
    now: now(),
    actor: { kind: "job", id: name, name, permissions: permissionsOf({ job: systemPermissions }, ["job"]) },
    origin: { address: "internal", agent: "worker" },
  });
}

/**
 * Queues a job in the caller's transaction, so that it exists exactly when the change does.
 * With a key, asking twice queues once; jobs of one line run one after the other.
 */
export async function enqueue<P extends z.ZodType>(
  ctx: AccountContext,
  job: JobKind<P>,
  payload: z.input<P>,
  options: { key?: string; runAt?: Date; line?: string } = {},
): Promise<void> {
  const key = options.key ? `${job.name}:${options.key}` : null;
  await ctx.db.execute(sql`select enqueue_job(${job.name}, ${JSON.stringify(payload)}::text::json, ${key}, ${job.attempts ?? defaultAttempts},
    ${options.runAt ? onDatabaseClock(options.runAt).toISOString() : null}::timestamptz, ${options.line ?? null})`);
}
