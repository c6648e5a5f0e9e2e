import { beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { cancelJob, startJob, stopJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { allMonths, checkedJob, claimed, houseOf, trained, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { endJob, markRunning, nextJob, ordersOf } from "./commands.ts";

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

const house = () => houseOf(db, ctx);
const money = async () =>
  sql`select scope, settled_pico::text as settled, held_pico::text as held from spend_months
    where organization_id = ${ctx.organizationId} order by 1`;
const millions = 1_000_000n;

async function running(): Promise<JobRef> {
  const ref = await checkedJob(db, ctx, { model });
  await startJob(ctx, { job: ref.id });
  await markRunning(house(), ref);
  return ref;
}

test("fine-tuning 25, T-4.2.3-1: a job goes from its data to its model, and what it cost is what it trained, at least the minimum", async () => {
  const ref = await checkedJob(db, ctx, { model });
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "VALIDATED", extent: { samples: 16, steps: 10 } });
  const { quotePico } = await startJob(ctx, { job: ref.id });
  expect(await money()).toEqual([
    { scope: "organization", settled: "0", held: String(quotePico) },
    { scope: "workspace", settled: "0", held: String(quotePico) },
  ]);
  expect(await nextJob(house(), { kinds: ["embedded"], models: null })).toEqual(ref);
  await markRunning(house(), ref);
  await claimed(house(), ref);
  expect(await nextJob(house(), { kinds: ["embedded"], models: null })).toBeNull();
  await trained(house(), ref, 4, 200);
  await trained(house(), ref, 10, 300);
  expect(await endJob(house(), ref, { outcome: "succeeded", step: 10 })).toBe("SUCCESS");
  const job = await jobOf(ctx, ref.id);
  expect(job).toMatchObject({ chargedPico: 100_000n * millions, trainedTokens: 500, trainedSteps: 10 });
  expect(job.tunedModelId).toMatch(/^ft:tiny-chat-1:/);
  expect(await money()).toEqual([
    { scope: "organization", settled: String(job.chargedPico), held: "0" },
    { scope: "workspace", settled: String(job.chargedPico), held: "0" },
  ]);
  expect(job.events.map(({ name, data }) => (name === "status-updated" ? data.status : name))).toEqual([
    "SUCCESS",
    "trainer",
    "RUNNING",
    "STARTED",
    "VALIDATED",
    "VALIDATING",
    "QUEUED",
  ]);
  expect((await verify(house())).filter(({ violations }) => violations > 0)).toEqual([]);
});

test("fine-tuning 22: a cancelled job is billed for the checkpoints it saved, without a minimum, and told to end at once", async () => {
  const ref = await running();
  await trained(house(), ref, 4, 200);
  expect(await ordersOf(house(), ref)).toBe("go_on");
  await cancelJob(ctx, { job: ref.id });
  expect(await ordersOf(house(), ref)).toBe("cancel");
  expect(await endJob(house(), ref, { outcome: "cancelled", step: 4 })).toBe("CANCELLED");
  expect(await jobOf(ctx, ref.id)).toMatchObject({ chargedPico: 200n * millions, tunedModelId: null });
  expect(await ordersOf(house(), ref)).toBe("lost");
  expect((await cancelJob(ctx, { job: ref.id })).status).toBe("CANCELLED");
  await expect(startJob(ctx, { job: ref.id })).rejects.toMatchObject({ problem: "conflict" });
});

test("fine-tuning 27: a limit without room refuses the start by name; once it is raised the job starts", async () => {
  const ref = await checkedJob(db, ctx, { model });
  await setWorkspaceLimit(ctx, { limit: pico(50_000n * millions), alerts: [] });
  await expect(startJob(ctx, { job: ref.id })).rejects.toMatchObject({
    problem: "limit_reached",
    code: "spend_limit_reached",
    details: { scope: "workspace", limit: "0.05", spent: "0", held: "0", needed: "0.1" },
  });
  expect((await money()).every(({ held }) => held === "0")).toBe(true);
  await setWorkspaceLimit(ctx, { limit: pico(100_000n * millions), alerts: [] });
  expect((await startJob(ctx, { job: ref.id })).status).toBe("STARTED");
});

test("fine-tuning 22: who stops to keep what is trained has the model of the last checkpoint", async () => {
  const ref = await running();
  await expect(stopJob(ctx, { job: ref.id })).rejects.toMatchObject({ code: "no_checkpoint" });
  await trained(house(), ref, 4, 200);
  await stopJob(ctx, { job: ref.id });
  expect(await ordersOf(house(), ref)).toBe("stop");
  await endJob(house(), ref, { outcome: "succeeded", step: 4 });
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "SUCCESS", trainedSteps: 4 });
});

test("fine-tuning 37: a training whose server gives out no checkpoint is not stopped to keep one, and that is said before", async () => {
  const ref = await running();
  await trained(house(), ref, 4, 200);
  await sql`update tuning_jobs set trainer_kind = 'forward' where id = ${ref.id}`;
  await expect(stopJob(ctx, { job: ref.id })).rejects.toMatchObject({
    code: "no_checkpoint",
    message: expect.stringContaining("at the end alone"),
  });
  expect(await ordersOf(house(), ref)).toBe("go_on");
  await sql`update tuning_checkpoints set upstream_name = 'ft:there:4' where job_id = ${ref.id}`;
  await stopJob(ctx, { job: ref.id });
  expect(await ordersOf(house(), ref)).toBe("stop");
});

test.each([
  ["data", 200n, "trained"],
  ["parameters", 200n, "trained"],
  ["diverged", 200n, "trained"],
  ["trainer_lost", 0n, "nothing"],
  ["internal", 0n, "nothing"],
  ["upstream", 0n, "nothing"],
] as const)("fine-tuning 33: a failure by %s costs the customer %s tokens", async (code, tokens, _words) => {
  const ref = await running();
  await trained(house(), ref, 4, 200);
  const failure = { code, message: "It failed.", advice: "Try again." };
  expect(await endJob(house(), ref, { outcome: "failed", step: 4, failure })).toBe("FAILED");
  const job = await jobOf(ctx, ref.id);
  expect(job).toMatchObject({ chargedPico: tokens * millions, failure, creditDuePico: 0n });
  expect(job.chargedPico + job.waivedPico).toBe(200n * millions);
  for (const { settled, held } of await money())
    expect({ settled, held }).toEqual({ settled: String(tokens * millions), held: "0" });
  expect((await verify(house())).filter(({ violations }) => violations > 0)).toEqual([]);
});
