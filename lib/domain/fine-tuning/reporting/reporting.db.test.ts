import { fork } from "node:child_process";
import path from "node:path";
import { inspect } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { uuidOf } from "#db/id.ts";
import { tuningIntegrations } from "#db/schema/tuning-integrations.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { keepReport } from "#lib/domain/fine-tuning/claims/reports/commands.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { endJob, eraseCredentials, markRunning } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { bundled } from "#lib/testing/bundles.ts";
import { allMonths, checkedJob, houseOf, trained, tunable } from "#lib/testing/tuning.ts";
import { type WandbFault, WandbServer } from "#lib/testing/wandb-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { reportProgress } from "./commands.ts";
import { failuresTold, paceMs, settleMs, turnMs } from "./rules.ts";

const { db, sql, url } = await testDatabase();
const apiKey = "c0ffee0123456789abcdef0123456789abcdef01";
const steps = 40;
let bundles: Awaited<ReturnType<typeof bundled>>;
let server: WandbServer;
let ctx: Context;
let ref: JobRef;
/** Milliseconds since the job began. */
let passed = 0;

beforeAll(async () => {
  bundles = await bundled({ process: "lib/testing/report-process.ts" });
  await tunable(sql, "tiny-chat-1");
  await allMonths(houseOf(db, await testWorkspace(db)), sql);
});
afterAll(() => bundles.remove());
beforeEach(async () => {
  server = await new WandbServer(apiKey).start();
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32", WANDB_URL: server.url });
  await sql`delete from graphile_worker._private_jobs`;
  ctx = await testWorkspace(db);
  passed = 0;
  const integrations = [{ type: "wandb", project: "tunings", name: null, api_key: apiKey, run_name: "my run" }];
  ref = await checkedJob(db, ctx, { model: "tiny-chat-1", integrations, hyperparameters: { training_steps: steps } });
  await startJob(ctx, { job: ref.id });
  await markRunning(house(), ref);
  return () => server.close();
});

const house = () => houseOf(db, ctx, new Date(ctx.now.getTime() + passed));
const named = () => ({ organization: ref.organizationId, job: ref.id, position: 0 });

/** A trainer reports steps, as it does again after it was lost. */
async function measured(first: number, last: number): Promise<void> {
  const points = Array.from({ length: last - first + 1 }, (_, n) => first + n).map((step) => ({
    ...{ step, trainLoss: 2 / step, validLoss: step % 10 === 0 ? 3 / step : null },
    ...{ accuracy: null, learningRate: 0.1, tokens: 30 },
  }));
  const job = await lockJob(house(), ref);
  await keepReport(house(), job, { step: last, points, log: [] });
}

async function reported(afterMs: number): Promise<void> {
  passed += afterMs;
  await reportProgress(house(), named());
}

async function succeeded(): Promise<void> {
  await trained(house(), ref, steps, 1200);
  await endJob(house(), ref, { outcome: "succeeded", step: steps });
}

const kept = async () => {
  const [row] = await db.select().from(tuningIntegrations).where(eq(tuningIntegrations.jobId, ref.id));
  if (!row) throw new Error("The job reports to nothing.");
  return row;
};
const isClosed = async () => (await kept()).closedAt !== null;
const eventsOf = async () => (await jobOf(ctx, ref.id)).events.filter(({ name }) => name.startsWith("reporting"));
const queued = () =>
  sql<{ at: string; payload: unknown }[]>`select run_at as at, payload from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id where identifier = 'fine-tuning.report'`;
const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

test("fine-tuning 40: under 401, 429, 500 and lost replies at every call the series has no gap, no repeat and its end", async () => {
  const plan: (WandbFault | undefined)[] = [401, "lost-reply", undefined, 429, 500, "lost-reply", undefined, undefined];
  server.fault = (call) => plan[call % plan.length];
  for (let step = 1; step <= steps; step += 4) {
    // From where its last checkpoint was, a trainer says again what it said before.
    await measured(Math.max(1, step - 6), step + 3);
    await reported(settleMs);
    await reported(settleMs);
  }
  await succeeded();
  for (let turn = 0; turn < 30 && !(await isClosed()); turn += 1) await reported(300_000);
  expect(server.problems).toEqual([]);
  expect(server.steps).toEqual(upTo(steps));
  expect(server.ends.at(-1)).toBe(0);
  expect(server.summary).toMatchObject({ _step: steps, valid_loss: 3 / steps });
  const run = uuidOf(ref.id).replaceAll("-", "").slice(-16);
  expect([...server.runs]).toEqual([
    [
      run,
      expect.objectContaining({ entityName: "team", modelName: "tunings", displayName: "my run", state: "running" }),
    ],
  ]);
  const [integration] = (await jobOf(ctx, ref.id)).integrations;
  expect(integration?.url).toBe(`${server.url}/team/tunings/runs/${run}`);
});

test("fine-tuning 40: a process killed with -9 between sending and keeping count is followed by one that sends the same", async () => {
  await measured(1, 10);
  await reported(settleMs);
  await measured(11, 20);
  await sql`update tuning_points set at = now() - interval '1 hour'`;
  await sql`update tuning_integrations set next_at = null`;
  await sql`delete from graphile_worker._private_jobs`;
  const held = new Promise<void>((resolve) => {
    server.fault = (_call, at) => {
      if (!at.endsWith("file_stream")) return undefined;
      resolve();
      return "held";
    };
  });
  const file = bundles.file("process");
  const own = {
    ...{ DATABASE_URL: url, DATA_DIR: path.resolve(process.env.DATA_DIR ?? ".data"), WANDB_URL: server.url },
    ...{ DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32", TEST_REPORT: JSON.stringify(named()) },
  };
  const child = fork(file, { cwd: path.dirname(file), env: { ...process.env, ...own }, stdio: "ignore", execArgv: [] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await held;
  child.kill("SIGKILL");
  await gone;
  expect(server.steps).toEqual(upTo(20));
  expect(await kept()).toMatchObject({ sending: { offset: 10 } });
  // Before it sent anything it had queued the run that follows it.
  expect((await queued()).map(({ payload }) => payload)).toEqual([named()]);
  server.fault = () => undefined;
  // More is measured meanwhile, and points are thinned out: what was sent stays what it was.
  await measured(18, 30);
  await sql`delete from tuning_points where step in (12, 15)`;
  passed += turnMs;
  await reported(turnMs);
  await reported(paceMs + settleMs);
  await succeeded();
  await reported(2 * paceMs);
  expect(server.problems).toEqual([]);
  expect(server.steps).toEqual(upTo(30));
  expect(server.ends).toEqual([0]);
});

test.each([400, 403, 404, 409] as const)(
  "fine-tuning 40: %s is final: the job's history says so, nothing more is sent, and the training goes on",
  async (status) => {
    server.fault = () => status;
    await measured(1, 4);
    await reported(settleMs);
    expect((await eventsOf()).map(({ name, data }) => ({ name, data }))).toEqual([
      { name: "reporting_given_up", data: { type: "wandb", project: "tunings", status } },
    ]);
    expect(await kept()).toMatchObject({ sealedKey: null, sending: null });
    await measured(5, 8);
    await succeeded();
    await reported(settleMs);
    expect(server.calls).toBe(1);
    expect((await jobOf(ctx, ref.id)).status).toBe("SUCCESS");
  },
);

test("fine-tuning 40, T-4.2.1-TPS1: a key that is refused is tried until it is erased, 7 days after the end, and people hear of it", async () => {
  server.fault = () => 401;
  await measured(1, 4);
  for (let turn = 0; turn < failuresTold + 3; turn += 1) await reported(300_000);
  expect((await eventsOf()).map(({ name, data }) => [name, data.status])).toEqual([["reporting_delayed", 401]]);
  await succeeded();
  await eraseCredentials({ ...house(), now: addDays(house().now, 7) });
  await reported(300_000);
  expect((await eventsOf()).map(({ name }) => name)).toEqual(["reporting_given_up", "reporting_delayed"]);
  expect(await isClosed()).toBe(true);
});

test("fine-tuning 40: reports are five seconds apart, however often a trainer reports, and one waits at most", async () => {
  await measured(1, 4);
  await reported(settleMs);
  const { calls } = server;
  expect(server.steps).toEqual(upTo(4));
  await trained(house(), ref, 8, 100);
  for (let step = 5; step <= 8; step += 1) await measured(step, step);
  passed += paceMs - 1;
  await reportProgress(house(), named());
  expect(server.calls).toBe(calls);
  const { nextAt } = await kept();
  expect((await queued()).map(({ at }) => new Date(at))).toEqual([nextAt]);
  expect(nextAt?.getTime()).toBeGreaterThanOrEqual(ctx.now.getTime() + settleMs + paceMs);
});

test("fine-tuning 40: two processes that report at once send one report", async () => {
  await measured(1, 4);
  passed += settleMs;
  await Promise.all([reportProgress(house(), named()), reportProgress(house(), named())]);
  expect(server.calls).toBe(3);
  expect(server.steps).toEqual(upTo(4));
});

test("fine-tuning 40: a service that cannot be reached stands in no trainer's way, and hears all of it once it is there", async () => {
  await server.close();
  await measured(1, 4);
  await reported(settleMs);
  await measured(5, 8);
  await succeeded();
  expect(await kept()).toMatchObject({ failures: 1, path: null });
  expect((await jobOf(ctx, ref.id)).status).toBe("SUCCESS");
  server = await new WandbServer(apiKey).start();
  Object.assign(env(), { WANDB_URL: server.url });
  await reported(300_000);
  expect(server.steps).toEqual(upTo(4));
  await reported(2 * paceMs);
  expect(server.steps).toEqual(upTo(8));
  expect(server.ends).toEqual([0]);
});

test("fine-tuning 40: the credential is in no table, queue, view or line of the log, before and after", async () => {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  server.fault = (call) => (call === 1 ? 500 : undefined);
  await measured(1, 4);
  await reported(settleMs);
  await reported(settleMs);
  const during = await everything();
  await succeeded();
  await reported(settleMs);
  vi.restoreAllMocks();
  expect(server.ends).toEqual([0]);
  const all = [during, await everything(), ...lines, inspect(await jobOf(ctx, ref.id), { depth: 9 })].join("\n");
  expect(all).toContain(ref.id);
  const basic = Buffer.from(`api:${apiKey}`).toString("base64");
  for (const form of [apiKey, basic, Buffer.from(apiKey).toString("hex"), Buffer.from(apiKey).toString("base64")])
    expect(all.includes(form)).toBe(false);
  expect((await kept()).sealedKey).toBeNull();
});

/** Every row of the database as text. */
async function everything(): Promise<string> {
  const tables = await sql<
    { name: string }[]
  >`select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
    from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`;
  const texts: string[] = [];
  for (const { name } of tables)
    for (const { text } of await sql.unsafe(`select row_to_json(one)::text as text from ${name} as one`))
      texts.push(String(text));
  return texts.join("\n");
}
