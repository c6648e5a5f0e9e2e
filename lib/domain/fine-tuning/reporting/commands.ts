import { and, asc, eq, isNull } from "drizzle-orm";
import { tuningPoints } from "#db/schema/tuning.ts";
import { type ReportBatch, tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { now as clock } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { outgoing } from "#lib/core/outgoing/outgoing.ts";
import { open } from "#lib/core/secrets.ts";
import { createWandb, isTaken, type WandbBegun } from "#lib/core/wandb.ts";
import { noteAttempt } from "#lib/domain/connections/attempts/commands.ts";
import { reportingKey } from "#lib/domain/connections/reporting/commands.ts";
import { outcomeOf } from "#lib/domain/connections/rules.ts";
import type { Job, JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob, noteEvent } from "#lib/domain/fine-tuning/status/commands.ts";
import { type ReportRef, reporting } from "./input.ts";
import {
  batchOf,
  connectionWaitMs,
  failuresTold,
  type Integration,
  isFinal,
  paceMs,
  runOf,
  settleMs,
  streamOf,
  turnMs,
  waitAfter,
} from "./rules.ts";

const after = (ctx: AccountContext, ms: number): Date => new Date(ctx.now.getTime() + ms);

const queue = (ctx: AccountContext, ref: ReportRef, at: Date | null): Promise<void> =>
  enqueue(ctx, reporting, ref, {
    key: `${ref.job}:${ref.position}`,
    ...(at !== null && at > ctx.now && { runAt: at }),
  });

/** Has what is new of a job reported to the services its maker named, in the transaction that made it new. */
export const askToReport = part(async (ctx: AccountContext, { organizationId, id }: JobRef): Promise<void> => {
  const rows = await ctx.db
    .select({ position: tuningIntegrations.position, nextAt: tuningIntegrations.nextAt })
    .from(tuningIntegrations)
    .where(
      and(
        eq(tuningIntegrations.organizationId, organizationId),
        eq(tuningIntegrations.jobId, id),
        isNull(tuningIntegrations.closedAt),
      ),
    );
  for (const { position, nextAt } of rows)
    await queue(ctx, { organization: organizationId, job: id, position }, nextAt);
});

/**
 * Sends what is new of a job. What is sent is kept before, and again what came of it after; a process that dies in between
 * is followed by a run that is queued by then and sends the same once more.
 */
export const reportProgress = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, ref: ReportRef): Promise<void> => {
    const turn = await transaction(ctx, (ctx) => takeTurn(ctx, ref));
    if (!turn) return;
    const tried = await send(turn);
    // A service may take long to answer, and the next report is as long after that.
    const waited = clock().getTime() - turn.began;
    await transaction({ ...ctx, now: after(ctx, waited) }, (ctx) => keepAnswer(ctx, ref, turn, tried));
  },
});

type Turn = { job: Job; integration: Integration; key: string; batch: ReportBatch | null; began: number };

const its = ({ organization, job, position }: ReportRef) =>
  and(
    eq(tuningIntegrations.organizationId, organization),
    eq(tuningIntegrations.jobId, job),
    eq(tuningIntegrations.position, position),
  );

type Locked = { job: Job; integration: Integration };

/** Where a job still reports to. The job is locked first, as trainers do it, so neither waits for the other in a ring. */
async function lockOpen(ctx: AccountContext, ref: ReportRef): Promise<Locked | null> {
  const isOpen = and(its(ref), isNull(tuningIntegrations.closedAt));
  if ((await ctx.db.$count(tuningIntegrations, isOpen)) === 0) return null;
  const job = await lockJob(ctx, { organizationId: ref.organization, id: ref.job });
  const [integration] = await ctx.db.select().from(tuningIntegrations).where(isOpen).for("update");
  return integration ? { job, integration } : null;
}

/** Decides what is sent now, if anything. Until the turn is over no other process sends. */
async function takeTurn(ctx: AccountContext, ref: ReportRef): Promise<Turn | null> {
  const found = await lockOpen(ctx, ref);
  if (!found) return null;
  const { job, integration } = found;
  const { nextAt, path } = integration;
  if (nextAt !== null && nextAt > ctx.now) return wait(ctx, ref, nextAt);
  const opened = await openKey(ctx, found);
  if (opened === "gone") return giveUp(ctx, ref, found, null);
  if (opened === "wait") return wait(ctx, ref, after(ctx, connectionWaitMs));
  const points = await pointsOf(ctx, ref);
  const batch = integration.sending ?? batchOf(job, points, integration, ctx.now);
  if (!batch && path !== null) {
    const isBehind = points.some(({ step }) => step > integration.sentStep);
    return isBehind ? wait(ctx, ref, after(ctx, settleMs)) : null;
  }
  const turnEnds = after(ctx, turnMs);
  await change(ctx, ref, { sending: batch, nextAt: turnEnds });
  // The queue takes hours to see that a worker is dead, so the next run does not wait for this one's end.
  await queue(ctx, ref, turnEnds);
  return { job, integration, key: opened.key, batch, began: clock().getTime() };
}

/** The key of the job's own, or of the connection it names. */
async function openKey(ctx: AccountContext, { job, integration }: Locked): Promise<{ key: string } | "wait" | "gone"> {
  const { organizationId, connectionId, sealedKey } = integration;
  if (connectionId !== null) return reportingKey(inOrganization(ctx, organizationId), connectionId);
  return sealedKey === null ? "gone" : { key: open(sealedKey, `wandb:${job.id}`).toString() };
}

async function wait(ctx: AccountContext, ref: ReportRef, until: Date): Promise<null> {
  await queue(ctx, ref, until);
  return null;
}

const pointsOf = (ctx: AccountContext, { organization, job }: ReportRef) =>
  ctx.db
    .select()
    .from(tuningPoints)
    .where(and(eq(tuningPoints.organizationId, organization), eq(tuningPoints.jobId, job)))
    .orderBy(asc(tuningPoints.step));

type Tried = { begun: Exclude<WandbBegun, { status: unknown }> | null; status: number | null };

async function send({ job, integration, key, batch }: Turn): Promise<Tried> {
  const wandb = createWandb(env().WANDB_URL, outgoing(), key);
  const { path, url } = integration;
  const begun = path !== null && url !== null ? { path, url } : await wandb.begin(runOf(job, integration));
  if ("status" in begun) return { begun: null, status: begun.status };
  return { begun, status: batch ? await wandb.stream(begun.path, streamOf(batch)) : 200 };
}

async function keepAnswer(
  ctx: AccountContext,
  ref: ReportRef,
  { batch }: Turn,
  { begun, status }: Tried,
): Promise<void> {
  const found = await lockOpen(ctx, ref);
  if (!found) return;
  if (begun) await change(ctx, ref, begun);
  await noteConnection(ctx, found, { batch, status });
  if (begun && isTaken(status)) return keepSent(ctx, ref, found, batch);
  // What a person can mend at the connection is waited for.
  const isMendable = found.integration.connectionId !== null && outcomeOf(status) === "needs_reconnect";
  if (isFinal(status) && !isMendable) {
    await giveUp(ctx, ref, found, status);
    return;
  }
  const failures = found.integration.failures + 1;
  if (failures === failuresTold) await note(ctx, found, "reporting_delayed", status);
  const nextAt = after(ctx, waitAfter(failures));
  await change(ctx, ref, { failures, nextAt });
  await queue(ctx, ref, nextAt);
}

/** Of reports that go well every few seconds, the connection's page shows the first and the last. */
async function noteConnection(
  ctx: AccountContext,
  { integration }: Locked,
  { batch, status }: { batch: ReportBatch | null; status: number | null },
): Promise<void> {
  const { organizationId, connectionId, project, path, failures } = integration;
  if (connectionId === null) return;
  const isDull = isTaken(status) && path !== null && failures === 0 && batch?.exitCode === null;
  if (isDull) return;
  const error = status === null ? "There was no answer." : null;
  await noteAttempt(inOrganization(ctx, organizationId), connectionId, {
    ...{ kind: "report", about: project, status, ms: 0, error },
  });
}

async function keepSent(
  ctx: AccountContext,
  ref: ReportRef,
  { integration }: Locked,
  batch: ReportBatch | null,
): Promise<void> {
  // A process whose turn was over has sent the same bytes, and another has kept count of them.
  if (batch && integration.sentLines !== batch.offset) return;
  if (batch && batch.exitCode !== null) return close(ctx, ref, batch);
  const nextAt = after(ctx, paceMs);
  await change(ctx, ref, { ...(batch && sentBy(batch)), failures: 0, nextAt });
  await queue(ctx, ref, nextAt);
}

const sentBy = ({ offset, lines, lastStep }: ReportBatch) =>
  ({ sentLines: offset + lines.length, sentStep: lastStep, sending: null }) as const;

/** Nothing is sent any more, so the credential is not needed either. */
const close = (ctx: AccountContext, ref: ReportRef, batch: ReportBatch | null): Promise<void> =>
  change(ctx, ref, {
    ...(batch && sentBy(batch)),
    ...{ sending: null, sealedKey: null, nextAt: null, closedAt: ctx.now },
  });

async function giveUp(ctx: AccountContext, ref: ReportRef, found: Locked, status: number | null): Promise<null> {
  await note(ctx, found, "reporting_given_up", status);
  await close(ctx, ref, null);
  return null;
}

const note = (
  ctx: AccountContext,
  { job, integration: { type, project } }: Locked,
  name: string,
  status: number | null,
): Promise<void> => noteEvent(ctx, job, name, { type, project, status });

async function change(ctx: AccountContext, ref: ReportRef, values: Partial<Integration>): Promise<void> {
  await ctx.db.update(tuningIntegrations).set(values).where(its(ref));
}
