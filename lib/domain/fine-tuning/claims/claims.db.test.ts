import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { tuningCheckpoints, tuningLogs, tuningPoints, tuningSegments } from "#db/schema/tuning.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { lastingKey, openLasting } from "#lib/core/keyring/lasting.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { cancelJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import type { CheckpointReport, Point } from "#lib/engine/training/port.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { addCheckpoint, beat, claimJob, finishClaim, giveBack, loseClaim } from "./commands.ts";
import { fruitlessMost, leaseSeconds, pointsMost } from "./rules.ts";
import { taskOf } from "./task/commands.ts";
import type { Claim } from "./view.ts";

const { db, sql } = await testDatabase();
let ctx: Context;
const model = "tiny-chat-1";

beforeAll(async () => {
  await tunable(sql, model);
  await allMonths(houseOf(db, await testWorkspace(db)), sql);
});
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const house = (minutes = 0) => houseOf(db, ctx, addMinutes(ctx.now, minutes));
const offer = { kinds: ["embedded"], models: null } as const;

async function started(): Promise<JobRef> {
  // Only one job waits at a time, so a claim is of it.
  await sql`delete from tuning_jobs where ended_at is null`;
  const ref = await checkedJob(db, ctx, { model });
  await startJob(ctx, { job: ref.id });
  return ref;
}

async function claim(minutes = 0): Promise<Claim> {
  const found = await claimJob(house(minutes), offer);
  if (!found) throw new Error("There is no job to claim.");
  return found;
}

const weightsOf = (step: number, word = "weights"): Buffer =>
  Buffer.from(`${word} of step ${step} ${ctx.organizationId}`);
const point = (step: number): Point => ({
  step,
  trainLoss: 2 / step,
  validLoss: null,
  accuracy: null,
  learningRate: 0.1,
  tokens: 30,
});

function report(step: number, change: Partial<CheckpointReport> & { word?: string } = {}): CheckpointReport {
  const { word, ...rest } = change;
  const weights = weightsOf(step, word);
  const sha256 = createHash("sha256").update(weights).digest("hex");
  return { ...point(step), segmentTokens: 30, sha256, weights: [weights], ...rest };
}

const segments = ({ organizationId, id }: JobRef) =>
  db
    .select({ after: tuningSegments.afterStep, last: tuningSegments.lastStep, tokens: tuningSegments.tokens })
    .from(tuningSegments)
    .where(and(eq(tuningSegments.organizationId, organizationId), eq(tuningSegments.jobId, id)))
    .orderBy(tuningSegments.lastStep);

const kept = async ({ organizationId, id }: JobRef): Promise<number[]> => {
  const rows = await db
    .select({ step: tuningCheckpoints.step, blobId: tuningCheckpoints.blobId })
    .from(tuningCheckpoints)
    .where(and(eq(tuningCheckpoints.organizationId, organizationId), eq(tuningCheckpoints.jobId, id)))
    .orderBy(tuningCheckpoints.step);
  return rows.filter(({ blobId }) => blobId).map(({ step }) => step);
};

test("fine-tuning 38: a checkpoint told twice counts once, one with other bytes or of an earlier step is refused", async () => {
  const ref = await started();
  const held = await claim();
  expect(await addCheckpoint(house(), held, report(2))).toBe("go_on");
  expect(await addCheckpoint(house(), held, report(2))).toBe("go_on");
  await expect(addCheckpoint(house(), held, report(2, { word: "other" }))).rejects.toThrow(/another checkpoint/);
  await expect(addCheckpoint(house(), held, report(1))).rejects.toThrow(/after 2/);
  await expect(addCheckpoint(house(), held, report(11))).rejects.toThrow(/after 2/);
  await expect(addCheckpoint(house(), held, report(4, { sha256: "0".repeat(64) }))).rejects.toThrow(/sha256/);
  await expect(addCheckpoint(house(), held, report(4, { segmentTokens: -1 }))).rejects.toThrow(/whole number/);
  expect(await segments(ref)).toEqual([{ after: 0, last: 2, tokens: 30 }]);
  expect(await jobOf(ctx, ref.id)).toMatchObject({ trainedSteps: 2, trainedTokens: 30 });
});

test("fine-tuning 21: a trainer that wakes after its turn was given to another changes nothing", async () => {
  const ref = await started();
  const asleep = await claim();
  await addCheckpoint(house(), asleep, report(2));
  const later = leaseSeconds.embedded / 60 + 0.1;
  const awake = await claim(later);
  expect(awake).toMatchObject({ jobId: ref.id, number: asleep.number + 1, fromStep: 2 });
  expect(await beat(house(later), asleep, { step: 3, points: [point(3)], log: [] })).toBe("lost");
  expect(await addCheckpoint(house(later), asleep, report(3))).toBe("lost");
  expect(await finishClaim(house(later), asleep, { outcome: "succeeded", step: 3 })).toBe("lost");
  expect(await segments(ref)).toEqual([{ after: 0, last: 2, tokens: 30 }]);
  expect(await kept(ref)).toEqual([2]);
  expect((await jobOf(ctx, ref.id)).status).toBe("RUNNING");
  expect(await addCheckpoint(house(later), awake, report(10, { segmentTokens: 200 }))).toBe("go_on");
  expect(await finishClaim(house(later), awake, { outcome: "succeeded", step: 10 })).toBe("finished");
  expect(await finishClaim(house(later), awake, { outcome: "succeeded", step: 10 })).toBe("finished");
  expect((await jobOf(ctx, ref.id)).status).toBe("SUCCESS");
  expect((await verify(house())).filter(({ violations }) => violations > 0)).toEqual([]);
});

test("fine-tuning 19: two processes that ask at once do not get the same job", async () => {
  await started();
  const both = await Promise.all([claimJob(house(), offer), claimJob(house(), offer)]);
  expect(both.filter((found) => found !== null)).toHaveLength(1);
});

test("fine-tuning 20: of weights that are torn the ones before are used, and steps that are kept are not counted again", async () => {
  const ref = await started();
  const held = await claim();
  await addCheckpoint(house(), held, report(2));
  await addCheckpoint(house(), held, report(4));
  const [{ blob_id: id }] =
    (await sql`select blob_id from tuning_checkpoints where job_id = ${ref.id} and step = 4`) as unknown as [
      { blob_id: Id<"blob"> },
    ];
  const place = blobPlace(ctx.organizationId, id);
  const stored: Uint8Array[] = [];
  for await (const piece of await storage().read(place)) stored.push(piece);
  await storage().write(place, [Buffer.concat(stored).subarray(0, -1)]);
  await giveBack(house(), held);
  const next = await claim();
  const task = await taskOf(house(), next);
  expect(task).toMatchObject({ keptStep: 4, resume: { step: 2 }, steps: 10 });
  const pieces: Buffer[] = [];
  for await (const piece of (await task.resume?.open()) ?? []) pieces.push(Buffer.from(piece));
  expect(Buffer.concat(pieces)).toEqual(weightsOf(2));
});

test("fine-tuning 33: after five turns lost without a step a job fails, and costs nothing", async () => {
  const ref = await started();
  for (let turn = 0; turn < fruitlessMost; turn += 1) await loseClaim(house(), await claim());
  expect(await claimJob(house(), offer)).toBeNull();
  expect(await jobOf(ctx, ref.id)).toMatchObject({
    status: "FAILED",
    chargedPico: 0n,
    failure: { code: "trainer_lost" },
  });
});

test("fine-tuning 19: a turn given back by a process that stops is no fault of the job's", async () => {
  const ref = await started();
  for (let turn = 0; turn < 2 * fruitlessMost; turn += 1) await giveBack(house(), await claim());
  expect((await claim()).jobId).toBe(ref.id);
});

test("fine-tuning 22: a job that is cancelled while its trainer is lost ends with what its checkpoints kept", async () => {
  const ref = await started();
  const held = await claim();
  await addCheckpoint(house(), held, report(3));
  await cancelJob(ctx, { job: ref.id });
  expect(await beat(house(), held, { step: 4, points: [], log: [] })).toBe("cancel");
  expect(await claimJob(house(1), offer)).toBeNull();
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "CANCELLED", chargedPico: 30n * 1_000_000n });
});

test("fine-tuning 36: weights are kept of the last two checkpoints and the best, and what was measured of all", async () => {
  const ref = await started();
  const held = await claim();
  const losses = [3, 1, 2, 2.5, 2.7];
  for (const [index, validLoss] of losses.entries())
    await addCheckpoint(house(), held, report(index + 1, { validLoss, accuracy: 0.5 }));
  expect(await kept(ref)).toEqual([2, 4, 5]);
  expect((await jobOf(ctx, ref.id)).checkpoints.map(({ validLoss }) => validLoss)).toEqual(losses.toReversed());
});

test("fine-tuning 38: of what a trainer measures only what can be is kept, once for each step, and thinned out", async () => {
  const ref = await started();
  await sql`update tuning_jobs set extent = extent || '{"steps": 5000}' where id = ${ref.id}`;
  const held = await claim();
  const odd: Point[] = [
    { ...point(1), trainLoss: Number.NaN, accuracy: 7 },
    { ...point(-1) },
    { ...point(6000) },
    { ...point(2.5) },
  ];
  await beat(house(), held, { step: 1, points: odd, log: [] });
  await beat(house(), held, { step: 1, points: [{ ...point(1), trainLoss: 9 }], log: [] });
  const own = and(eq(tuningPoints.organizationId, ctx.organizationId), eq(tuningPoints.jobId, ref.id));
  expect(
    await db.select({ step: tuningPoints.step, loss: tuningPoints.trainLoss }).from(tuningPoints).where(own),
  ).toEqual([{ step: 1, loss: 9 }]);
  const steep = Array.from({ length: 1500 }, (_, n) => ({ ...point(n + 2), trainLoss: n === 700 ? 99 : 1 + (n % 7) }));
  await beat(house(), held, { step: 1501, points: steep, log: [] });
  const rows = await db.select().from(tuningPoints).where(own);
  expect(rows.length).toBeLessThan(pointsMost);
  expect(rows.some(({ trainLoss }) => trainLoss === 99)).toBe(true);
});

test("fine-tuning 38: lines of a log are kept sealed, without signs that a terminal obeys, and not without end", async () => {
  const ref = await started();
  const held = await claim();
  const line = (text: string) => ({ at: ctx.now, level: "info" as const, text });
  await beat(house(), held, {
    step: 1,
    points: [],
    log: [line("loss \u001b[31mred\u0007 of customer words"), line("x".repeat(70_000))],
  });
  const own = and(eq(tuningLogs.organizationId, ctx.organizationId), eq(tuningLogs.jobId, ref.id));
  const [row, ...others] = await db.select().from(tuningLogs).where(own);
  expect(others).toEqual([]);
  expect(row?.text.includes("customer words")).toBe(false);
  const [{ key }] = (await sql`select key from tuning_jobs where id = ${ref.id}`) as unknown as [{ key: Buffer }];
  const lasting = await lastingKey(key, ref.id);
  expect(row && openLasting(lasting, row.text, `${ref.id} log 1`)).toBe("loss [31mred of customer words");
});
