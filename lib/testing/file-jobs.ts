import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import type { Context } from "#lib/core/context.ts";

/** For tests: a job that has just been made, and names a file. */
export async function jobOn(db: Db, ctx: Context, file: Id<"file">): Promise<Id<"tuningJob">> {
  const { organizationId, workspaceId, now } = ctx;
  const id = newId("tuningJob", now);
  await db.insert(tuningJobs).values({
    organizationId,
    workspaceId,
    id,
    createdBy: newId("user", now),
    requestedModel: "small",
    model: "small",
    status: "QUEUED",
    autoStart: false,
    trainerKind: "embedded",
    trainingFiles: [{ file, name: "set.jsonl", sha256: "0", weight: 1 }],
    validationFiles: [],
    hyperparameters: {
      training_steps: 1,
      epochs: null,
      learning_rate: 1e-4,
      weight_decay: null,
      warmup_fraction: null,
      seq_len: null,
      fim_ratio: null,
    },
    seed: 1,
    skipShare: 0,
    fingerprint: id,
    createdAt: now,
    modifiedAt: now,
  });
  return id;
}
