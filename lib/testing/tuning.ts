import "#lib/testing/dataset-worker.ts";
import { and, eq, sql } from "drizzle-orm";
import type { Db, Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { tuningCheckpoints, tuningClaims, tuningJobs, tuningSegments } from "#db/schema/tuning.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { createJob } from "#lib/domain/fine-tuning/commands.ts";
import { createJobInput } from "#lib/domain/fine-tuning/input.ts";
import { isEnded, type JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";

/** For tests: what the installation itself does, in the place of a person. */
export const houseOf = (db: Db, ctx: Context, now = ctx.now): Context => ({
  ...ctx,
  db,
  now,
  actor: {
    kind: "job",
    id: "test",
    name: "test",
    permissions: permissionsOf({ job: systemPermissions }, ["job"]),
  },
});

/** For tests: prices of a model in euros, a million tokens of training, the least of a job, and a month of storage. */
export const usualPrice = { training: 1, minimum: 0.1, storage: 0.2 };

/** For tests: a model that can be tuned. */
export async function tunable(sql: Sql, id: string, { training, minimum, storage } = usualPrice): Promise<string> {
  const pico = (euros: number): string => String(BigInt(Math.round(euros * 1_000_000)) * 1_000_000n);
  await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
    values (${id}, 'Tiny', '', 'us', 'embedded', 'tiny-chat-1', ${sql.json({ completion_chat: true, fine_tuning: true })}, 4096, now())`;
  await sql`insert into prices (model_id, valid_from, input_micros, cached_input_micros, output_micros, training_micros,
      training_minimum_pico, storage_month_pico)
    values (${id}, now() - interval '400 days', 1, 1, 1, ${training * 1_000_000}, ${pico(minimum)}, ${pico(storage)})`;
  return id;
}

/** For tests: a data set of so many conversations. */
export async function dataSet(ctx: Context, count = 16, words = "Hello, how are you today?"): Promise<Id<"file">> {
  const line = (n: number) =>
    `${JSON.stringify({
      messages: [
        { role: "user", content: `${words} ${n}` },
        { role: "assistant", content: `Fine, thank you. ${n}` },
      ],
    })}\n`;
  const text = Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join(""));
  const received = await receiveContent(ctx, pieces(text), "fine-tune");
  const kept = { file: `data-${newId("file", ctx.now)}.jsonl`, purpose: "fine-tune", visibility: "workspace" } as const;
  return (await keepFile(ctx, { ...kept, expiry: undefined }, received)).id;
}

async function* pieces(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

type Asked = Record<string, unknown> & { model: string };

/** For tests: what a program sends to have a model tuned. */
export const jobAsked = (file: Id<"file">, { model, ...change }: Asked) =>
  createJobInput.parse({
    model,
    training_files: [{ file_id: file }],
    hyperparameters: { training_steps: 10 },
    auto_start: false,
    ...change,
  });

/** For tests: a job whose data was looked through. */
export async function checkedJob(db: Db, ctx: Context, change: Asked): Promise<JobRef> {
  const { id } = await createJob(ctx, jobAsked(await dataSet(ctx), change));
  const ref = { organizationId: ctx.organizationId, id };
  await validateJob(houseOf(db, ctx), ref);
  return ref;
}

/** For tests: what a trainer's claim writes at a checkpoint. */
export async function trained(ctx: Context, ref: JobRef, step: number, tokens: number): Promise<void> {
  const { organizationId, id: jobId } = ref;
  const own = and(eq(tuningSegments.organizationId, organizationId), eq(tuningSegments.jobId, jobId));
  const [before] = await ctx.db
    .select({ step: sql<number>`coalesce(max(${tuningSegments.lastStep}), 0)`.mapWith(Number) })
    .from(tuningSegments)
    .where(own);
  const afterStep = before?.step ?? 0;
  await ctx.db.insert(tuningSegments).values({ organizationId, jobId, afterStep, lastStep: step, tokens, at: ctx.now });
  await ctx.db
    .insert(tuningCheckpoints)
    .values({ organizationId, jobId, step, sha256: "0".repeat(64), at: ctx.now })
    .onConflictDoNothing();
}

/** For tests: a trainer's turn at a job, as claims keep it. */
export async function claimed(ctx: Context, { organizationId, id: jobId }: JobRef, minutes = 1): Promise<void> {
  const number = 1 + (await ctx.db.$count(tuningClaims));
  await ctx.db.insert(tuningClaims).values({
    ...{ organizationId, jobId, number, kind: "embedded", fromStep: 0 },
    id: newId("tuningClaim", ctx.now),
    leaseUntil: addMinutes(ctx.now, minutes),
    claimedAt: ctx.now,
  });
}

/** For tests: the months that events of a year are kept in. */
export const allMonths = async (house: Context, sql: Sql): Promise<void> => {
  await preparePartitions(house);
  await sql`select ensure_usage_partition(month) from generate_series(now() - interval '14 months', now() + interval '14 months', interval '1 month') as month`;
};

/** For tests: a checked job whose steps have so many tokens, without files or a trainer. */
export async function readyJob(
  db: Db,
  ctx: Context,
  model: string,
  trainTokens: number,
  change: { suffix?: string } = {},
): Promise<JobRef> {
  const { organizationId, workspaceId, now } = ctx;
  const id = newId("tuningJob", now);
  await db.insert(tuningJobs).values({
    ...{
      organizationId,
      workspaceId,
      id,
      model,
      requestedModel: model,
      createdAt: now,
      modifiedAt: now,
      seed: 1,
      skipShare: 0,
    },
    ...{
      status: "VALIDATED",
      autoStart: false,
      trainerKind: "embedded",
      trainingFiles: [],
      validationFiles: [],
      fingerprint: id,
    },
    createdBy: ctx.actor.id as Id<"user">,
    hyperparameters: {
      ...{ training_steps: 10, epochs: null, learning_rate: 1e-4, weight_decay: 0 },
      ...{ warmup_fraction: 0, seq_len: null, fim_ratio: null },
    },
    extent: {
      ...{ steps: 10, epochs: 1, samples: 8, dataTokens: trainTokens, trainTokens },
      ...{ skippedLines: 0, validationSamples: 0, isHeldOut: false },
    },
    ...change,
  });
  return { organizationId, id };
}

/** For tests: the next step of a job, with so many tokens. Two that train the same job at once do not mix. */
export const trainedNext = (ctx: Context, ref: JobRef, tokens: number): Promise<void> =>
  transaction(ctx, async (ctx) => {
    // As claims do: what has ended takes nothing any more.
    if (isEnded((await lockJob(ctx, ref)).status)) return;
    const own = and(eq(tuningSegments.organizationId, ref.organizationId), eq(tuningSegments.jobId, ref.id));
    await trained(ctx, ref, 1 + (await ctx.db.$count(tuningSegments, own)), tokens);
  });
