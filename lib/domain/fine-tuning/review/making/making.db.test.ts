import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { trainerKinds, tuningJobs } from "#db/schema/tuning.ts";
import { tuningReviews } from "#db/schema/tuning-reviews.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { addCheckpoint, claimJob, finishClaim } from "#lib/domain/fine-tuning/claims/commands.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { keepAnswers } from "#lib/domain/fine-tuning/review/asking/commands.ts";
import { askForReview } from "#lib/domain/fine-tuning/review/commands.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";
import { attemptsMost } from "#lib/domain/fine-tuning/review/rules.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { deleteTunedModel } from "#lib/domain/model-deletion/commands.ts";
import { asRefusal } from "#lib/domain/retention/rules.ts";
import { setTunedModelSharing } from "#lib/domain/tuned-models/commands.ts";
import { tunedModelsOf } from "#lib/domain/tuned-models/queries.ts";
import type { ReviewReport } from "#lib/engine/training/port.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import {
  claimReview,
  failReview,
  giveBackReview,
  keepPrompts,
  keepReview,
  openReview,
  promptsTaskOf,
  renewReview,
  reviewTaskOf,
} from "./commands.ts";
import type { ReviewClaim } from "./view.ts";

const { db, sql } = await testDatabase();
let ctx: Context;

beforeAll(async () => {
  await tunable(sql, "tiny-chat-1");
  await allMonths(houseOf(db, await testWorkspace(db)), sql);
});
beforeEach(async () => {
  await sql`delete from tuning_reviews`;
  ctx = await testWorkspace(db);
});

const house = (minutes = 0) => houseOf(db, ctx, addMinutes(ctx.now, minutes));

/** A job that has succeeded, with the weights of steps 5 and 10. */
async function finished(): Promise<JobRef & { model: string }> {
  await sql`delete from tuning_jobs where ended_at is null`;
  const ref = await checkedJob(db, ctx, { model: "tiny-chat-1", suffix: "desk" });
  await startJob(ctx, { job: ref.id });
  const claim = await claimJob(house(), { kinds: ["embedded"], models: null });
  if (!claim) throw new Error("There is no job to claim.");
  for (const step of [5, 10]) {
    const weights = Buffer.from(`weights of ${step} ${ref.id}`);
    const sha256 = createHash("sha256").update(weights).digest("hex");
    const measured = { step, trainLoss: 2, validLoss: null, accuracy: null, learningRate: null, tokens: null };
    await addCheckpoint(house(), claim, { ...measured, segmentTokens: 30, sha256, weights: [weights] });
  }
  await finishClaim(house(), claim, { outcome: "succeeded", step: 10 });
  const [model] = await tunedModelsOf(ctx, { job: ref.id });
  return { ...ref, model: model?.id ?? "" };
}

async function claimed(minutes = 0): Promise<ReviewClaim> {
  const claim = await claimReview(house(minutes), trainerKinds);
  if (!claim) throw new Error("There is no review to make.");
  return claim;
}

const canary = "the lamp of the harbour master";
const report: ReviewReport = {
  samples: 9,
  bits: { base: 2, tuned: 1 },
  style: null,
  prompts: [
    {
      messages: [{ role: "user", content: `Where is ${canary}?` }],
      wanted: { text: "Ahoy! On the pier.", tokens: 5 },
      base: { text: "I do not know.", tokens: 5 },
      tuned: { text: "Ahoy! On the pier.", tokens: 5 },
    },
  ],
};

const letters = async ({ id }: JobRef): Promise<string[]> => {
  const rows = await sql<
    { text: string }[]
  >`select text from letters where kind = 'fine-tuning.succeeded' and text like ${`%${id}%`}`;
  return rows.map(({ text }) => text);
};
const rowsOf = ({ organizationId, id }: JobRef) =>
  db
    .select()
    .from(tuningReviews)
    .where(and(eq(tuningReviews.organizationId, organizationId), eq(tuningReviews.jobId, id)));

test("fine-tuning 43: the review of a new model is made once, and its verdict is on the job and in the one e-mail of its success", async () => {
  const ref = await finished();
  expect(await letters(ref)).toEqual([]);
  expect(await reviewOf(ctx, ref.model, 10)).toEqual({ state: "pending", step: 10 });
  const claim = await claimed();
  expect(await claimReview(house(), trainerKinds)).toBeNull();
  const task = await reviewTaskOf(house(), claim);
  const pieces: Buffer[] = [];
  for await (const piece of await task.resume.open()) pieces.push(Buffer.from(piece));
  expect(Buffer.concat(pieces).toString()).toBe(`weights of 10 ${ref.id}`);
  // Its process is killed: another takes it up once the lease is over, and the first one's answer comes too late.
  const second = await claimed(2);
  expect(await keepReview(house(2), claim, report)).toBe("lost");
  expect(await renewReview(house(2), claim)).toBe(false);
  expect(await renewReview(house(2), second)).toBe(true);
  expect(await keepReview(house(2), second, report)).toBe("kept");
  expect(await keepReview(house(2), second, report)).toBe("lost");
  const verdict = { is: "better", text: expect.stringMatching(/^Better than its base on 9 answers/) };
  expect(await reviewOf(ctx, ref.model, 10)).toMatchObject({
    state: "ready",
    verdict,
    prompts: [{ question: `Where is ${canary}?`, base: "I do not know.", tuned: "Ahoy! On the pier." }],
  });
  const [job] = await db.select().from(tuningJobs).where(eq(tuningJobs.id, ref.id));
  expect(job?.verdict).toEqual(verdict);
  const written = await letters(ref);
  expect(written).toHaveLength(1);
  expect(written[0]).toContain(job?.verdict?.text);
  expect(await claimReview(house(9), trainerKinds)).toBeNull();
});

test("fine-tuning 43: a review that ends each process is given up, and the e-mail is sent without it", async () => {
  const ref = await finished();
  for (let turn = 0; turn < attemptsMost; turn++) await claimed(turn * 2);
  expect(await claimReview(house(20), trainerKinds)).toBeNull();
  expect(await reviewOf(ctx, ref.model, 10)).toMatchObject({
    state: "failed",
    problem: expect.stringContaining("our fault"),
  });
  expect(await letters(ref)).toHaveLength(1);
  await askForReview(ctx, { model: ref.model, step: 10 });
  const again = await claimed();
  await giveBackReview(house(), again);
  expect(await claimed()).toEqual(again);
  await keepReview(house(), again, report);
  expect(await reviewOf(ctx, ref.model, 10)).toMatchObject({ state: "ready" });
  expect(await letters(ref)).toHaveLength(1);
});

test("fine-tuning 43: another checkpoint is reviewed when it is asked for, and a review that is there is not made again", async () => {
  const ref = await finished();
  await keepReview(house(), await claimed(), report);
  expect(await reviewOf(ctx, ref.model, 5)).toBeNull();
  await askForReview(ctx, { model: ref.model, step: 5 });
  await askForReview(ctx, { model: ref.model, step: 5 });
  await askForReview(ctx, { model: ref.model, step: 10 });
  const claim = await claimed();
  expect(claim.step).toBe(5);
  expect(await claimReview(house(), trainerKinds)).toBeNull();
  await failReview(house(), claim, "A file that it was trained on was deleted.");
  expect(await reviewOf(ctx, ref.model, 5)).toMatchObject({
    state: "failed",
    problem: expect.stringContaining("deleted"),
  });
  expect(await reviewOf(ctx, ref.model, 10)).toMatchObject({ state: "ready" });
  await expect(askForReview(ctx, { model: ref.model, step: 7 })).rejects.toMatchObject({ problem: "invalid" });
  const audited =
    await sql`select after from audit_events where organization_id = ${ctx.organizationId} and action = 'model.review'`;
  expect(audited.map(({ after }) => after)).toEqual([{ step: 5 }]);
});

test("T-4.2.3-DEL1, fine-tuning 43: with its model go its reviews, also one that is being made", async () => {
  const ref = await finished();
  await keepReview(house(), await claimed(), report);
  await askForReview(ctx, { model: ref.model, step: 5 });
  const making = await claimed();
  await deleteTunedModel(ctx, { model: ref.model, force: "false" });
  expect(await rowsOf(ref)).toEqual([]);
  expect(await keepReview(house(), making, report)).toBe("lost");
  expect(await rowsOf(ref)).toEqual([]);
  const [job] = await db.select().from(tuningJobs).where(eq(tuningJobs.id, ref.id));
  expect(job?.verdict).toBeNull();
  await expect(reviewOf(ctx, ref.model, 10)).rejects.toMatchObject({ problem: "not_found" });
  await expect(askForReview(ctx, { model: ref.model, step: 5 })).rejects.toMatchObject({ problem: "not_found" });
});

test("T-4.2.3-CONF, fine-tuning 14: a review is for who may see the model and read files; for others it is not there", async () => {
  const ref = await finished();
  await keepReview(house(), await claimed(), report);
  const [kept] = await rowsOf(ref);
  expect(kept?.prompts?.toString("latin1")).not.toContain(canary);
  const stranger = await testWorkspace(db);
  await expect(reviewOf(stranger, ref.model, 10)).rejects.toMatchObject({ problem: "not_found" });
  await expect(askForReview(stranger, { model: ref.model, step: 10 })).rejects.toMatchObject({ problem: "not_found" });
  const reader = await testWorkspace(db, { within: ctx, roles: ["observability_viewer"] });
  await expect(reviewOf(reader, ref.model, 10)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(askForReview(reader, { model: ref.model, step: 10 })).rejects.toMatchObject({ problem: "forbidden" });
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  expect(await reviewOf(colleague, ref.model, 10)).toMatchObject({ state: "ready" });
  await setTunedModelSharing(ctx, { model: ref.model, visibility: "restricted", grants: [] });
  await expect(reviewOf(colleague, ref.model, 10)).rejects.toMatchObject({ problem: "not_found" });
});

test("T-4.2.2.2-ZDR4, fine-tuning 14: under zero retention no review is asked for or kept", async () => {
  const ref = await finished();
  const claim = await claimed();
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  const refused = await askForReview(ctx, { model: ref.model, step: 5 }).catch(asRefusal);
  expect(refused).toMatchObject({ problem: "forbidden", code: "zdr_incompatible" });
  await expect(keepReview(house(), claim, report)).rejects.toThrow();
  expect((await rowsOf(ref)).map(({ prompts }) => prompts)).toEqual([null]);
});

test("what was trained on a file that is deleted by now cannot be reviewed, and says so", async () => {
  const ref = await finished();
  await sql`delete from files where organization_id = ${ref.organizationId}`;
  await expect(reviewTaskOf(house(), await claimed())).rejects.toMatchObject({
    problem: "conflict",
    message: expect.stringContaining("was deleted"),
  });
});

test("fine-tuning 43: what another server answers with is asked once by a person, with the prompts that were made ready", async () => {
  const ref = await finished();
  await sql`delete from tuning_reviews`;
  await sql`update tuning_jobs set trainer_kind = 'forward' where id = ${ref.id}`;
  await sql`update tuned_models set kind = 'forward', upstream_model = 'there' where id = ${ref.model}`;
  const job = await lockJob(house(), ref);
  // Its server was sent all of the training file, so without another one there is nothing to ask.
  expect(await openReview(house(), job, 10)).toBe(false);
  await expect(askForReview(ctx, { model: ref.model, step: 10 })).rejects.toMatchObject({ problem: "conflict" });
  expect(await claimReview(house(), trainerKinds)).toBeNull();
  expect(await openReview(house(), { ...job, validationFiles: job.trainingFiles }, 10)).toBe(false);
  expect(await claimReview(house(), ["embedded"])).toBeNull();
  const claim = await claimed();
  expect((await promptsTaskOf(house(), claim)).training).toHaveLength(1);
  await sql`update tuning_jobs set validation_files = training_files where id = ${ref.id}`;
  await failReview(house(), claim, "The storage was away.");
  await askForReview(ctx, { model: ref.model, step: 10 });
  const again = await claimed();
  const messages = [{ role: "user", content: `Where is ${canary}?` }];
  const prompts = [1, 2].map(() => ({ messages, wanted: "Ahoy! On the pier." }));
  expect(await keepPrompts(house(), again, { prompts, style: { openings: ["ahoy!"], endings: null } })).toBe("kept");
  expect(await letters(ref)).toEqual([]);
  expect(await reviewOf(ctx, ref.model, 10)).toEqual({ state: "asking", step: 10, prompts });
  const named = { model: ref.model, step: 10 };
  await expect(keepAnswers(ctx, { ...named, answers: [null] })).rejects.toMatchObject({ problem: "invalid" });
  const answer = { base: { text: "Dunno.", tokens: 2 }, tuned: { text: "Ahoy! There.", tokens: 3 } };
  // The second one was not reached: the limit was.
  await keepAnswers(ctx, { ...named, answers: [answer] });
  await expect(keepAnswers(ctx, { ...named, answers: [answer] })).rejects.toMatchObject({ problem: "conflict" });
  expect(await reviewOf(ctx, ref.model, 10)).toMatchObject({
    state: "ready",
    figures: { samples: 1, bits: null, exact: { base: 0, tuned: 0 }, style: { base: 0, tuned: 1 } },
    prompts: [{ base: "Dunno.", tuned: "Ahoy! There." }],
  });
  expect((await lockJob(house(), ref)).verdict).toMatchObject({ is: "better" });
  const reader = await testWorkspace(db, { within: ctx, roles: ["observability_viewer"] });
  await expect(keepAnswers(reader, { ...named, answers: [answer] })).rejects.toMatchObject({ problem: "forbidden" });
});
