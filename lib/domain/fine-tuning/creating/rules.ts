import { type Id, uuidOf } from "#db/id.ts";
import type { Hyperparameters, TrainerKind, TuningFile } from "#db/schema/tuning.ts";
import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/secrets.ts";
import type { CreateJobInput } from "#lib/domain/fine-tuning/input.ts";
import type { Model } from "#lib/domain/models/view.ts";

/** What trains a model: its own trainer, or a worker that fetches the job. */
export const trainerOf = ({ upstream }: Pick<Model, "upstream">): TrainerKind =>
  upstream === "embedded" ? "embedded" : "pull";

/** Parameters as they are kept: what the embedded model cannot use is empty. */
export function frozen(asked: CreateJobInput["hyperparameters"], kind: TrainerKind): Hyperparameters {
  const { random_seed: _seed, ...rest } = asked;
  return kind === "embedded" ? { ...rest, fim_ratio: null } : rest;
}

/** The seed that was asked for, or one from the job's id, so that no two jobs without one are alike by chance. */
export const seedOf = (asked: number | null, id: Id<"tuningJob">): number =>
  asked ?? Number.parseInt(uuidOf(id).slice(-8), 16);

type Made = {
  workspaceId: string;
  model: string;
  training: readonly TuningFile[];
  validation: readonly TuningFile[];
  hyperparameters: Hyperparameters;
  /** As it was asked for: a seed of the job's own makes no difference. */
  seed: number | null;
  skipShare: number;
  suffix: string | null;
};

/** What makes two jobs alike. When they start and where they report to is no part of it. */
export function fingerprintOf({ training, validation, ...made }: Made): string {
  const dataOf = (files: readonly TuningFile[]) => files.map(({ sha256, weight }) => [sha256, weight]).toSorted();
  return sha256(
    JSON.stringify([
      made.workspaceId,
      made.model,
      dataOf(training),
      dataOf(validation),
      made.hyperparameters,
      made.seed,
      made.skipShare,
      made.suffix,
    ]),
  );
}

/** The published words for a model that cannot be tuned. */
export const notTunable = (): AppError =>
  new AppError("invalid", "Model not available for this type of fine-tuning (completion).", {
    code: "model_not_tunable",
    fields: { model: ["Model not available for this type of fine-tuning (completion)."] },
  });

export const alike = (job: Id<"tuningJob">, status: string): AppError =>
  new AppError("conflict", `The job ${uuidOf(job)} is the same and is ${status}. Wait for it, or cancel it first.`, {
    code: "duplicate_job",
    details: { job: uuidOf(job) },
  });
