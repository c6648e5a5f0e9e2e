import { z } from "zod";
import { idOfUuid } from "#db/id.ts";
import { tuningStatuses } from "#db/schema/tuning.ts";
import { idField } from "#lib/core/id-field.ts";

const fileId = z.string().transform((text, issue) => {
  const id = idOfUuid("file", text);
  if (id) return id;
  issue.addIssue({ code: "custom", message: "This is no id of a file." });
  return z.NEVER;
});

/** A job by its id, in either spelling. */
export const jobInput = z.object({
  job: z
    .string()
    .transform((text, issue) => {
      const id = idOfUuid("tuningJob", text);
      if (id) return id;
      issue.addIssue({ code: "custom", message: "This is no id of a fine-tuning job." });
      return z.NEVER;
    })
    .meta({ kind: "tuningJob" }),
});

const share = (fallback: number) => z.number().min(0).max(1).nullable().default(fallback);

const hyperparameters = z.strictObject({
  training_steps: z.number().int().min(1).max(10_000_000).nullable().default(null),
  learning_rate: z.number().min(1e-8).max(1).default(1e-4),
  weight_decay: share(0.1),
  warmup_fraction: share(0.05),
  epochs: z.number().gt(0).max(10_000).nullable().default(null),
  seq_len: z.number().int().min(100).max(10_000_000).nullable().default(null),
  fim_ratio: share(0.9),
  random_seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .nullable()
    .default(null)
    .describe("The same seed, data and parameters give the same model. Without it, one from the job's id."),
});

const integration = z
  .strictObject({
    type: z.literal("wandb").default("wandb"),
    project: z.string().min(1).max(128).optional().describe("Left out, the one its connection names."),
    name: z.string().max(128).nullable().default(null),
    api_key: z.string().length(40).optional().describe("Sent to Weights & Biases alone, and shown to no one."),
    connection: idField("connection").optional().describe("A connection of the organization's, instead of a key."),
    run_name: z.string().max(128).nullable().default(null),
  })
  .refine(({ api_key: key, connection }) => (key === undefined) !== (connection === undefined), {
    path: ["api_key"],
    message: "Give an api_key or a connection, and not both.",
  })
  .refine(({ project, connection }) => project !== undefined || connection !== undefined, {
    path: ["project"],
    message: "Give a project, or a connection that names one.",
  });

const unavailable = "Model not available for this type of fine-tuning (completion).";

/** What a job is made of, in the words of the published contract. */
export const createJobInput = z.strictObject({
  model: z.string().min(1).max(200),
  training_files: z
    .array(z.strictObject({ file_id: fileId, weight: z.number().gt(0).max(1000).default(1) }))
    .min(1, "No training file provided.")
    .max(100)
    .prefault([]),
  validation_files: z.array(fileId).max(100).nullable().default([]),
  hyperparameters,
  suffix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,18}$/, "A suffix has 1 to 18 letters, digits, dashes and underscores.")
    .nullable()
    .default(null),
  integrations: z.array(integration).max(5).nullable().default([]),
  auto_start: z.boolean().default(true),
  invalid_sample_skip_percentage: z.number().min(0).max(0.5).default(0),
  job_type: z.literal("completion", unavailable).nullable().default("completion"),
  repositories: z.array(z.unknown()).max(0, unavailable).nullable().default([]),
  classifier_targets: z.array(z.unknown()).max(0, unavailable).nullable().default([]),
});
export type CreateJobInput = z.output<typeof createJobInput>;

export const jobStatus = z.enum(tuningStatuses);

/** Which jobs a list shows. */
export const jobFilter = z.object({
  model: z.string().max(200).optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  created_before: z.iso.datetime({ offset: true }).optional(),
  created_by_me: z.enum(["true", "false"]).default("false"),
  status: jobStatus.optional(),
  wandb_project: z.string().max(128).optional(),
  wandb_name: z.string().max(128).optional(),
  suffix: z.string().max(18).optional(),
});
export type JobFilter = z.output<typeof jobFilter>;
