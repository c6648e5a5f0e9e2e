import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import { decimalString } from "#lib/core/money.ts";
import { jobStatus } from "#lib/domain/fine-tuning/input.ts";
import { isEnded } from "#lib/domain/fine-tuning/rules.ts";
import type { JobDetail, JobEstimate, JobView } from "#lib/domain/fine-tuning/view.ts";

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const unix = z.number().int().describe("Unix seconds.");
const whole = z.number().int().nullable();

const figures = {
  expected_duration_seconds: whole,
  cost: z.number().nullable().describe("In euros. `cost_eur` has it exactly."),
  cost_currency: z.literal("EUR"),
  cost_eur: z.string().nullable(),
  train_tokens_per_step: whole,
  train_tokens: whole,
  data_tokens: whole,
  estimated_start_time: unix.nullable(),
  training_steps: whole,
  epochs: z.number().nullable(),
};

export const estimateShape = z.object({
  object: z.literal("job.metadata"),
  details: z.string(),
  deprecated: z.literal(true),
  ...figures,
});

export const jobShape = z.object({
  id: z.uuid(),
  object: z.literal("job"),
  job_type: z.literal("completion"),
  auto_start: z.boolean(),
  model: z.string(),
  status: jobStatus,
  created_at: unix,
  modified_at: unix,
  training_files: z.array(z.uuid()),
  validation_files: z.array(z.uuid()),
  fine_tuned_model: z.string().nullable(),
  suffix: z.string().nullable(),
  integrations: z.array(
    z.object({
      type: z.literal("wandb"),
      project: z.string(),
      name: z.string().nullable(),
      run_name: z.string().nullable(),
      connection: z.string().nullable(),
      url: z.string().nullable(),
    }),
  ),
  trained_tokens: whole,
  metadata: z.object(figures).nullable().describe("Null until the data is checked."),
  hyperparameters: z.object({
    training_steps: whole,
    learning_rate: z.number(),
    weight_decay: z.number().nullable(),
    warmup_fraction: z.number().nullable(),
    epochs: z.number().nullable(),
    seq_len: whole,
    fim_ratio: z.number().nullable(),
    random_seed: z.number().int(),
  }),
  repositories: z.array(z.unknown()),
  failure: z
    .object({ code: z.string(), message: z.string(), advice: z.string() })
    .nullable()
    .describe("Why it failed, and what to do."),
  warnings: z.array(z.string()),
  verdict: z
    .object({ is: z.enum(["better", "same", "worse", "unknown"]), text: z.string() })
    .nullable()
    .describe("How its model compares with its base on what it was not trained on; null until that is known."),
});

export const detailedJobShape = jobShape.extend({
  events: z.array(z.object({ name: z.string(), data: z.record(z.string(), z.unknown()), created_at: unix })),
  checkpoints: z.array(
    z.object({
      metrics: z.object({
        train_loss: z.number().nullable(),
        valid_loss: z.number().nullable(),
        valid_mean_token_accuracy: z.number().nullable(),
      }),
      step_number: z.number().int(),
      created_at: unix,
    }),
  ),
});

type Forecast = { seconds: number; startsAt: Date | null } | null;

/** A number for programs that expect one; the exact amount stands beside it. */
const costFigures = (amount: bigint | null) => ({
  cost: amount === null ? null : Number(decimalString(amount)),
  cost_currency: "EUR" as const,
  cost_eur: amount === null ? null : decimalString(amount),
});

function metadataOf(job: JobView, forecast: Forecast): z.output<typeof jobShape>["metadata"] {
  const { extent } = job;
  if (!extent) return null;
  return {
    expected_duration_seconds: forecast?.seconds ?? null,
    ...costFigures(isEnded(job.status) ? job.chargedPico : job.quotePico),
    train_tokens_per_step: extent.steps > 0 ? Math.round(extent.trainTokens / extent.steps) : null,
    train_tokens: extent.trainTokens,
    data_tokens: extent.dataTokens,
    estimated_start_time: forecast?.startsAt ? seconds(forecast.startsAt) : null,
    training_steps: extent.steps,
    epochs: extent.epochs,
  };
}

/** A job as programs see it; its credentials are in no answer. */
export const shapeOf = (job: JobView, forecast: Forecast = null): z.output<typeof jobShape> => ({
  id: uuidOf(job.id),
  object: "job",
  job_type: "completion",
  auto_start: job.autoStart,
  model: job.requestedModel,
  status: job.status,
  created_at: seconds(job.createdAt),
  modified_at: seconds(job.modifiedAt),
  training_files: job.trainingFiles.map(({ file }) => uuidOf(file)),
  validation_files: job.validationFiles.map(({ file }) => uuidOf(file)),
  fine_tuned_model: job.tunedModelId,
  suffix: job.suffix,
  integrations: job.integrations.map(({ runName, ...rest }) => ({ ...rest, run_name: runName })),
  trained_tokens: job.runningAt === null ? null : job.trainedTokens,
  metadata: metadataOf(job, forecast),
  hyperparameters: { ...job.hyperparameters, random_seed: job.seed },
  repositories: [],
  failure: job.failure,
  warnings: job.warnings,
  verdict: job.verdict,
});

export const detailOf = (job: JobDetail, forecast: Forecast): z.output<typeof detailedJobShape> => ({
  ...shapeOf(job, forecast),
  events: job.events.map(({ name, data, at }) => ({ name, data, created_at: seconds(at) })),
  checkpoints: job.checkpoints.map(({ step, trainLoss, validLoss, accuracy, at }) => ({
    metrics: { train_loss: trainLoss, valid_loss: validLoss, valid_mean_token_accuracy: accuracy },
    step_number: step,
    created_at: seconds(at),
  })),
});

const scaledWords = "The data is large, so its first 8 MiB were read and the figures scaled up. ";

export const shapeOfEstimate = (estimate: JobEstimate): z.output<typeof estimateShape> => ({
  object: "job.metadata",
  details: `${estimate.isScaled ? scaledWords : ""}Nothing was made. The job would cost this at most, and hold as much while it is active.`,
  deprecated: true,
  expected_duration_seconds: estimate.seconds,
  ...costFigures(estimate.costPico),
  train_tokens_per_step: estimate.trainTokensPerStep,
  train_tokens: estimate.trainTokens,
  data_tokens: estimate.dataTokens,
  estimated_start_time: seconds(estimate.startsAt),
  training_steps: estimate.steps,
  epochs: estimate.epochs,
});
