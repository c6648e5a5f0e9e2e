import { beforeAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, endOfMonth, monthOf, now } from "#lib/core/clock.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { cancelJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import {
  endAllJobs,
  endJob,
  markRunning,
  settleMonth,
  turnMonths,
} from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import type { Outcome } from "#lib/engine/training/port.ts";
import { allMonths, houseOf, readyJob, trained, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();
/** A pico-euro a token, and nothing less. */
const plain = await tunable(sql, "plain", { training: 0.000_001, minimum: 0, storage: 0 });
const withMinimum = await tunable(sql, "with-minimum", { training: 1, minimum: 0.1, storage: 0 });

let ctx: Context;
beforeAll(async () => allMonths(houseOf(db, await testWorkspace(db)), sql));
beforeEach(async () => {
  ctx = await testWorkspace(db);
});

const house = (at = now()) => houseOf(db, ctx, at);
const nextMonth = () => addDays(endOfMonth(monthOf(now())), 1);
const end = (ref: JobRef, outcome: Outcome, at = now()) => transaction(house(at), (ctx) => endJob(ctx, ref, outcome));
const limited = (amount: bigint, at = now()) =>
  setWorkspaceLimit({ ...ctx, now: at }, { limit: pico(amount), alerts: [] });

async function running(tokens: number, model = plain): Promise<JobRef> {
  const ref = await readyJob(db, ctx, model, tokens);
  await startJob(ctx, { job: ref.id });
  await transaction(house(), (ctx) => markRunning(ctx, ref));
  return ref;
}

const events = async ({ id }: JobRef) => {
  const rows =
    await sql`select kind, to_char(at at time zone 'UTC', 'YYYY-MM') as month, quantity::int, fee_pico::int as fee,
    cost_pico::int as cost, waived_pico::int as waived from usage_events where job_id = ${id} order by at, kind`;
  return rows.map((row) => ({ ...row }));
};
const monthName = (at: Date) => monthOf(at).slice(0, 7);
const standing = async () => {
  const rows = await sql`select month::text, settled_pico::int as settled, held_pico::int as held from spend_months
    where organization_id = ${ctx.organizationId} and scope = 'organization' and (settled_pico > 0 or held_pico > 0) order by 1`;
  return rows.map((row) => ({ ...row }));
};
const sound = async () => expect((await verify(house())).filter(({ violations }) => violations > 0)).toEqual([]);

test("fine-tuning 30: however often and in how many processes a job ends, it is billed once; a crash in between changes nothing", async () => {
  const ref = await running(100);
  await trained(house(), ref, 4, 40);
  const crash = transaction(house(), async (ctx) => {
    await endJob(ctx, ref, { outcome: "succeeded", step: 4 });
    await ctx.db.execute("select pg_terminate_backend(pg_backend_pid())");
  });
  await expect(crash).rejects.toThrow();
  expect(await events(ref)).toEqual([]);
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "RUNNING", chargedPico: 0n });
  expect(await standing()).toEqual([{ month: monthOf(now()), settled: 0, held: 100 }]);
  const both = await Promise.all([1, 2].map(() => end(ref, { outcome: "succeeded", step: 4 })));
  expect(both).toEqual(["SUCCESS", "SUCCESS"]);
  const failure = { code: "internal" as const, message: "Told late.", advice: "" };
  expect(await end(ref, { outcome: "failed", step: 4, failure })).toBe("SUCCESS");
  expect(await events(ref)).toMatchObject([{ kind: "training", quantity: 40, cost: 40, waived: 0 }]);
  expect(await standing()).toEqual([{ month: monthOf(now()), settled: 40, held: 0 }]);
  await sound();
});

test("what a trainer counts above the quote is waived", async () => {
  const ref = await running(100);
  await trained(house(), ref, 10, 130);
  await end(ref, { outcome: "succeeded", step: 10 });
  expect(await events(ref)).toMatchObject([{ quantity: 130, fee: 130, cost: 100, waived: 30 }]);
  await sound();
});

test("fine-tuning 31: at the end of a month what was trained is billed into it, and the rest is held in the new one", async () => {
  const ref = await running(100);
  await trained(house(), ref, 4, 40);
  const later = nextMonth();
  await transaction(house(later), (ctx) => settleMonth(ctx, ref));
  expect(await standing()).toEqual([
    { month: monthOf(now()), settled: 40, held: 0 },
    { month: monthOf(later), settled: 0, held: 60 },
  ]);
  await transaction(house(later), (ctx) => settleMonth(ctx, ref));
  await trained(house(later), ref, 10, 50);
  await end(ref, { outcome: "succeeded", step: 10 }, later);
  expect(await events(ref)).toMatchObject([
    { month: monthName(now()), quantity: 40, cost: 40 },
    { month: monthName(later), quantity: 50, cost: 50 },
  ]);
  await sound();
});

test("fine-tuning 31: without room in the new month a job is cancelled, its checkpoint kept and billed where it was held", async () => {
  const ref = await running(100);
  await trained(house(), ref, 4, 40);
  const later = nextMonth();
  await limited(50n, later);
  await transaction(house(later), (ctx) => settleMonth(ctx, ref));
  const job = await jobOf(ctx, ref.id);
  expect(job.status).toBe("CANCELLATION_REQUESTED");
  expect(job.events.map(({ name }) => name)).toContain("spend_limit");
  await trained(house(later), ref, 5, 10);
  await end(ref, { outcome: "cancelled", step: 5 }, later);
  expect(await events(ref)).toMatchObject([
    { month: monthName(now()), quantity: 40, cost: 40 },
    { month: monthName(now()), quantity: 10, cost: 10 },
  ]);
  expect(await standing()).toEqual([{ month: monthOf(now()), settled: 50, held: 0 }]);
  await sound();
});

test("fine-tuning 31: a job that waits in line moves what it holds, or is cancelled where there is no room", async () => {
  const [first, second] = [await readyJob(db, ctx, plain, 30), await readyJob(db, ctx, plain, 60)];
  for (const { id } of [first, second]) await startJob(ctx, { job: id });
  const later = nextMonth();
  await limited(50n, later);
  await turnMonths(house(later));
  expect((await jobOf(ctx, first.id)).status).toBe("STARTED");
  expect((await jobOf(ctx, second.id)).status).toBe("CANCELLED");
  expect(await standing()).toEqual([{ month: monthOf(later), settled: 0, held: 30 }]);
});

test("fine-tuning 33: months that are over stay billed when we fail later, and what is due back is told to staff", async () => {
  const ref = await running(100);
  await trained(house(), ref, 4, 40);
  const later = nextMonth();
  await transaction(house(later), (ctx) => settleMonth(ctx, ref));
  await trained(house(later), ref, 6, 20);
  const failure = { code: "trainer_lost" as const, message: "Lost.", advice: "Again." };
  await end(ref, { outcome: "failed", step: 6, failure }, later);
  expect(await events(ref)).toMatchObject([{ cost: 40 }, { quantity: 20, cost: 0, waived: 20 }]);
  expect(await jobOf(ctx, ref.id)).toMatchObject({ chargedPico: 40n, creditDuePico: 40n });
  await sound();
});

test("fine-tuning 34: a job that succeeds costs the minimum at least, one that is cancelled what it trained", async () => {
  const [done, cancelled] = [await running(1000, withMinimum), await running(1000, withMinimum)];
  for (const ref of [done, cancelled]) await trained(house(), ref, 4, 400);
  await end(done, { outcome: "succeeded", step: 4 });
  await cancelJob(ctx, { job: cancelled.id });
  await end(cancelled, { outcome: "cancelled", step: 4 });
  expect((await jobOf(ctx, done.id)).chargedPico).toBe(100_000_000_000n);
  expect((await jobOf(ctx, cancelled.id)).chargedPico).toBe(400_000_000n);
  const lines =
    await sql`select kind, unit_micros::int as unit, quantity::int, requests::int, cost_pico::text as cost from usage_lines
    where organization_id = ${ctx.organizationId} order by kind`;
  expect(lines.map((line) => ({ ...line }))).toEqual([
    { kind: "training", unit: 1_000_000, quantity: 800, requests: 0, cost: "800000000" },
    { kind: "training_minimum", unit: 0, quantity: 1, requests: 0, cost: "99600000000" },
  ]);
  await sound();
});

test("fine-tuning 34: a price that rises after the start is not the job's, and the free plan pays nothing", async () => {
  const model = await tunable(sql, `changing-${ctx.organizationId}`, { training: 0.000_001, minimum: 0, storage: 0 });
  const ref = await running(100, model);
  await sql`insert into prices (model_id, valid_from, input_micros, cached_input_micros, output_micros, training_micros,
    training_minimum_pico, storage_month_pico) values (${model}, now(), 1, 1, 1, 1000, 0, 0)`;
  await trained(house(), ref, 10, 100);
  await end(ref, { outcome: "succeeded", step: 10 });
  expect((await jobOf(ctx, ref.id)).chargedPico).toBe(100n);
  ctx = await testWorkspace(db, { plan: "free" });
  const free = await running(100, withMinimum);
  await trained(house(), free, 10, 100);
  await end(free, { outcome: "succeeded", step: 10 });
  expect(await events(free)).toMatchObject([{ kind: "training", quantity: 100, fee: 0, cost: 0 }]);
  expect((await jobOf(ctx, free.id)).quotePico).toBe(0n);
  const large = await readyJob(db, ctx, plain, 1_000_001);
  await expect(startJob(ctx, { job: large.id })).rejects.toMatchObject({ code: "plan_limit" });
  await sound();
});

test("T-6-EFF: the end of the contract ends every job at once, and nothing stays held", async () => {
  const [ran, waiting, checked] = [
    await running(100),
    await readyJob(db, ctx, plain, 10),
    await readyJob(db, ctx, plain, 10),
  ];
  await startJob(ctx, { job: waiting.id });
  await trained(house(), ran, 4, 40);
  await transaction(ctx, (ctx) => endAllJobs(ctx));
  for (const { id } of [ran, waiting, checked]) expect((await jobOf(ctx, id)).status).toBe("CANCELLED");
  expect(await standing()).toEqual([{ month: monthOf(now()), settled: 40, held: 0 }]);
  await sound();
});

test("a job that is removed with its workspace lets go of what it held", async () => {
  await running(100);
  await sql`delete from tuning_jobs where organization_id = ${ctx.organizationId}`;
  expect(await standing()).toEqual([]);
  await sound();
});

test.each([
  [
    "leases of jobs are the quotes of active jobs",
    "update tuning_jobs set quote_pico = quote_pico + 1 where id = $1",
    "update tuning_jobs set quote_pico = quote_pico - 1 where id = $1",
  ],
  [
    "segments follow each other",
    "update tuning_segments set after_step = 1 where job_id = $1",
    "update tuning_segments set after_step = 0 where job_id = $1",
  ],
  [
    "trained is billed",
    "update tuning_segments set tokens = tokens + 1 where job_id = $1",
    "update tuning_segments set tokens = tokens - 1 where job_id = $1",
  ],
  [
    "nothing is held without an active job",
    "update lessees set job_id = job_id || 'x' where job_id = $1",
    "update lessees set job_id = $1 where job_id = $1 || 'x'",
  ],
])("fine-tuning 45: the books find out when not all %s", async (_what, statement, undo) => {
  const ref = await running(100);
  await trained(house(), ref, 4, 40);
  if (statement.includes("tokens")) await end(ref, { outcome: "succeeded", step: 4 });
  await sound();
  await sql.unsafe(statement, [ref.id]);
  expect((await verify(house())).filter(({ violations }) => violations > 0)).not.toEqual([]);
  await sql.unsafe(undo, [ref.id]);
  await sound();
});
