import { z } from "zod";
import { type CreateJobInput, createJobInput } from "#lib/domain/fine-tuning/input.ts";

const text = z.string().trim().max(200).optional().catch(undefined);

/** What the page that makes a job has been told so far, in its address. */
export const wizardInput = z.object({
  model: text,
  file: text,
  valid: text,
  suffix: text,
  steps: text,
  epochs: text,
  rate: text,
  decay: text,
  warmup: text,
  seq: text,
  seed: text,
  skip: text,
});
export type Asked = z.output<typeof wizardInput>;

const number = (said: string | undefined, fallback?: number) => (said ? Number(said.replace(",", ".")) : fallback);

type Read = { job: CreateJobInput; problems?: undefined } | { job?: undefined; problems: Record<string, string> };

/** Where each field of a job stands on the page. */
const fields: Record<string, string> = {
  model: "model",
  training_files: "file",
  validation_files: "valid",
  suffix: "suffix",
  invalid_sample_skip_percentage: "skip",
  training_steps: "steps",
  epochs: "epochs",
  learning_rate: "rate",
  weight_decay: "decay",
  warmup_fraction: "warmup",
  seq_len: "seq",
  random_seed: "seed",
};

/** The job that the page asks for, as a program would ask for it, or what is wrong with each field. */
export function jobAskedFor(asked: Asked, { autoStart }: { autoStart: boolean }): Read {
  const found = createJobInput.safeParse({
    model: asked.model,
    training_files: asked.file ? [{ file_id: asked.file }] : [],
    validation_files: asked.valid ? [asked.valid] : [],
    suffix: asked.suffix || null,
    hyperparameters: {
      training_steps: number(asked.steps) ?? null,
      epochs: number(asked.epochs) ?? null,
      learning_rate: number(asked.rate, 1e-4),
      weight_decay: number(asked.decay, 0.1),
      warmup_fraction: number(asked.warmup, 0.05),
      seq_len: number(asked.seq) ?? null,
      random_seed: number(asked.seed) ?? null,
    },
    invalid_sample_skip_percentage: number(asked.skip, 0),
    auto_start: autoStart,
  });
  if (found.success) return { job: found.data };
  const problems: Record<string, string> = {};
  for (const { path, message } of found.error.issues) {
    const name = path.map(String).find((part) => fields[part] && part !== "hyperparameters");
    problems[(name && fields[name]) || "form"] ??= message;
  }
  return { problems };
}

/** The same from the page's form, all of it texts. */
export const startInput = wizardInput.transform((asked, issue): CreateJobInput => {
  const { job, problems } = jobAskedFor(asked, { autoStart: true });
  if (job) return job;
  for (const [name, message] of Object.entries(problems)) issue.addIssue({ code: "custom", path: [name], message });
  return z.NEVER;
});
