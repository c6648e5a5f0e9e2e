import { uuidOf } from "#db/id.ts";
import type { tuningPoints } from "#db/schema/tuning.ts";
import type { ReportBatch, tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import type { WandbRun } from "#lib/core/wandb.ts";
import { isEnded, type Job } from "#lib/domain/fine-tuning/rules.ts";

export type Integration = typeof tuningIntegrations.$inferSelect;
type Point = typeof tuningPoints.$inferSelect;

/** How long a turn at sending lasts at most: three calls, each with its time to find the address. */
export const turnMs = 90_000;
/** Between two reports of a job. */
export const paceMs = 5000;
/** A checkpoint may still say more of a step; after so long its point goes out as it is. */
export const settleMs = 30_000;
/** How long a connection that a person has to see to is left alone. */
export const connectionWaitMs = 60_000;
/** Lines in one report. */
export const linesMost = 500;
/** Failures in a row after which the job's page says so. */
export const failuresTold = 5;

const finals: ReadonlySet<number | null> = new Set([400, 403, 404, 409]);

/** Whether asking again cannot help. */
export const isFinal = (status: number | null): boolean => finals.has(status);

/** Milliseconds until the next try: 2 seconds, then twice as long each time, at most 5 minutes. */
export const waitAfter = (failures: number): number => Math.min(1000 * 2 ** failures, 300_000);

/** A run as it is named and described there. What it trains on is no part of that. */
export function runOf(job: Job, { project, name, runName }: Integration): WandbRun {
  const { requestedModel: model, seed, extent, hyperparameters } = job;
  const { steps = null, epochs = null, trainTokens = null } = extent ?? {};
  const config = { ...hyperparameters, model, seed, steps, total_epochs: epochs, train_tokens: trainTokens };
  return {
    project,
    name: uuidOf(job.id).replaceAll("-", "").slice(-16),
    displayName: runName ?? name ?? job.suffix,
    config: Object.fromEntries(Object.entries(config).map(([word, value]) => [word, { value }])),
  };
}

const measured = ({ trainLoss, validLoss, accuracy, learningRate }: Point): Record<string, number> =>
  Object.fromEntries(
    Object.entries({
      train_loss: trainLoss,
      valid_loss: validLoss,
      valid_mean_token_accuracy: accuracy,
      learning_rate: learningRate,
    }).filter((entry): entry is [string, number] => entry[1] !== null),
  );

const seconds = (ms: number): number => Math.floor(ms / 1000);

function lineOf(point: Point, job: Job): Record<string, number> {
  const at = point.at.getTime();
  const begun = (job.runningAt ?? job.createdAt).getTime();
  return {
    _step: point.step,
    _timestamp: seconds(at),
    _runtime: Math.max(0, seconds(at - begun)),
    ...measured(point),
  };
}

type Sent = Pick<Integration, "sentLines" | "sentStep">;

/** What can be sent now of points in the order of their steps; null where that is nothing. */
export function batchOf(job: Job, points: readonly Point[], sent: Sent, now: Date): ReportBatch | null {
  const hasEnded = isEnded(job.status);
  const isSettled = ({ step, at }: Point): boolean =>
    hasEnded || step <= job.trainedSteps || at.getTime() <= now.getTime() - settleMs;
  const unsent = points.filter(({ step }) => step > sent.sentStep);
  const open = unsent.findIndex((point) => !isSettled(point));
  const chosen = (open < 0 ? unsent : unsent.slice(0, open)).slice(0, linesMost);
  const isLast = hasEnded && chosen.length === unsent.length;
  if (chosen.length === 0 && !isLast) return null;
  const lastStep = chosen.at(-1)?.step ?? sent.sentStep;
  const told = points.filter(({ step }) => step <= lastStep);
  // Of each figure the one that was measured last.
  const summary: Record<string, number> = Object.assign({}, ...told.map((point) => lineOf(point, job)));
  return {
    offset: sent.sentLines,
    lines: chosen.map((point) => JSON.stringify(lineOf(point, job))),
    lastStep,
    summary: Object.keys(summary).length > 0 ? JSON.stringify(summary) : null,
    exitCode: isLast ? exitCodeOf(job) : null,
  };
}

const exitCodeOf = ({ status }: Job): 0 | 1 => (status === "SUCCESS" ? 0 : 1);

/** The same in the form of the wire. */
export const streamOf = ({ offset, lines, summary, exitCode }: ReportBatch): Record<string, unknown> => ({
  files: {
    ...(lines.length > 0 && { "wandb-history.jsonl": { offset, content: lines } }),
    ...(summary !== null && { "wandb-summary.json": { offset: 0, content: [summary] } }),
  },
  ...(exitCode !== null && { complete: true, exitcode: exitCode }),
});
