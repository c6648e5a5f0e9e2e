import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { claimJob, giveBack } from "#lib/domain/fine-tuning/claims/commands.ts";
import { taskOf } from "#lib/domain/fine-tuning/claims/task/commands.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { kill, processesOf } from "#lib/testing/processes.ts";
import { runTraining } from "#lib/testing/tuned-models.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql, url } = await testDatabase();
const kills = Number(process.env.TEST_KILLS ?? 6);
let processes: Awaited<ReturnType<typeof processesOf>>;
let ctx: Context;

beforeAll(async () => {
  const trainer = { "dist/tiny-trainer": "lib/engine/training/embedded/worker.ts" };
  processes = await processesOf({ process: "lib/testing/training-process.ts", ...trainer }, url);
  ctx = await testWorkspace(db);
  await tunable(sql, "tiny-chat-1");
  await allMonths(houseOf(db, ctx), sql);
});
afterAll(() => processes.end());

/** Where a process is with a job: claims count up, steps go on with its checkpoints. */
async function stand({ organizationId, id }: JobRef): Promise<{ claims: number; step: number; status: string }> {
  const [row] = await sql<{ claims: number; step: number; status: string }[]>`
    select status, trained_steps as step, (select count(*)::int from tuning_claims where job_id = jobs.id) as claims
    from tuning_jobs as jobs where organization_id = ${organizationId} and id = ${id}`;
  return row ?? { claims: 0, step: 0, status: "gone" };
}

const until = (isSo: () => Promise<boolean>) => expect.poll(isSo, { timeout: 60_000, interval: 20 }).toBe(true);

/** Kills a process at its work: right when it took the job, or once it has kept something. */
async function killAt(ref: JobRef, isEarly: boolean): Promise<void> {
  const before = await stand(ref);
  const child = processes.start();
  await until(async () => {
    const { claims, step } = await stand(ref);
    return isEarly ? claims > before.claims : step > before.step;
  });
  await kill(child);
  // Its lease ends by itself in half a minute.
  await sql`update tuning_claims set lease_until = now() - interval '1 second' where ended_at is null`;
}

test("fine-tuning 19: processes killed with -9 at their work leave the same weights, segments and bill as one that was not", async () => {
  const parameters = { training_steps: 160, learning_rate: 1e-4, random_seed: 5 };
  const ref = await checkedJob(db, ctx, { model: "tiny-chat-1", hyperparameters: parameters });
  await startJob(ctx, { job: ref.id });
  const claim = await claimJob(houseOf(db, ctx), { kinds: ["embedded"], models: null });
  if (!claim) throw new Error("There is no job to claim.");
  const undisturbed = await runTraining(await taskOf(houseOf(db, ctx), claim));
  await giveBack(houseOf(db, ctx), claim);
  for (let round = 0; round < kills; round++) await killAt(ref, round % 2 === 0);
  processes.start();
  await until(async () => (await stand(ref)).status === "SUCCESS");
  const kept = await sql`select step, sha256 from tuning_checkpoints where job_id = ${ref.id} order by step`;
  expect(kept.map((row) => ({ ...row }))).toEqual(
    undisturbed.checkpoints.map(({ step, sha256 }) => ({ step, sha256 })),
  );
  const segments =
    await sql`select last_step as step, tokens::int from tuning_segments where job_id = ${ref.id} order by last_step`;
  expect(segments.map((row) => ({ ...row }))).toEqual(
    undisturbed.checkpoints.map(({ step, segmentTokens }) => ({ step, tokens: segmentTokens })),
  );
  const tokens = undisturbed.checkpoints.reduce((sum, { segmentTokens }) => sum + segmentTokens, 0);
  const job = await jobOf(ctx, ref.id);
  expect(job.extent?.trainTokens).toBe(tokens);
  const [billed] =
    await sql`select coalesce(sum(quantity) filter (where kind = 'training'), 0)::int as tokens from usage_events where job_id = ${ref.id}`;
  expect(billed?.tokens).toBe(tokens);
  expect((await verify(houseOf(db, ctx))).filter(({ violations }) => violations > 0)).toEqual([]);
}, 300_000);
