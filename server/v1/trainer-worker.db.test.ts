import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { cancelJob, startJob, stopJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { createTrainer, revokeTrainer } from "#lib/domain/fine-tuning/trainers/commands.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const model = "pulled-1";
const isNew = "import sys; sys.exit(sys.version_info < (3, 11, 4))";
const hasPython = spawnSync("python3", ["-c", isNew]).status === 0;

let v1: Awaited<ReturnType<typeof openV1>>;
let trainer: Awaited<ReturnType<typeof createTrainer>>;
const running: ChildProcess[] = [];

beforeAll(async () => {
  v1 = await openV1(sql);
  await tunable(sql, model);
  trainer = await createTrainer(systemContext("test"), { name: "GPU box", models: [model] });
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});
afterAll(() => v1.close());

async function started(): Promise<{ ctx: Context; ref: JobRef }> {
  const ctx = await testWorkspace(db);
  await allMonths(houseOf(db, ctx), sql);
  const ref = await checkedJob(db, ctx, { model });
  await sql`update tuning_jobs set trainer_kind = 'pull' where id = ${ref.id}`;
  await startJob(ctx, { job: ref.id });
  return { ctx, ref };
}

type Pace = { step: number; beat?: number; port?: number };

/** The shipped worker, which takes so many seconds for a step and then ends after one job. */
class Worker {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly ended: Promise<{ code: number | null; said: string }>;
  said = "";

  constructor({ step, beat = 15, port = v1.port }: Pace) {
    const args = ["--url", `http://127.0.0.1:${port}`, "--once", "--beat", String(beat), "--pretend", String(step)];
    this.child = spawn("python3", ["trainers/trl_worker.py", ...args], {
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PYTHONDONTWRITEBYTECODE: "1",
        TRAINER_TOKEN: trainer.token,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(this.child);
    const { stdout, stderr } = this.child;
    if (!stdout || !stderr) throw new Error("The worker has no output.");
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    stderr.on("data", (piece) => {
      this.said += String(piece);
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code) => resolve({ code, said: this.said }));
    });
  }

  /** Reads on until it says so. */
  async until(words: string): Promise<void> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw new Error(`The worker ended before it said ${words}: ${this.said}`);
      this.said += `${value}\n`;
      if (value.includes(words)) return;
    }
  }

  async rest(): Promise<{ code: number | null; said: string }> {
    for (let next = await this.#lines.next(); !next.done; next = await this.#lines.next())
      this.said += `${next.value}\n`;
    return this.ended;
  }
}

type Harm = "lost" | "cut" | "changed";

/** The way to the house, on which the first answer to each of these calls is lost, cut in the middle, or changed. */
async function lossyWay(calls: readonly string[], harm: Harm = "lost") {
  const [lost, ranges, asked] = [[] as string[], [] as string[], new Map<string, number>()];
  const way = http.createServer((incoming, outgoing) => {
    const { method, url = "", headers } = incoming;
    if (headers.range) ranges.push(`${url.replace(/.*\/claims\/[^/]+/, "")} ${headers.range}`);
    for (const part of calls) if (url.includes(part)) asked.set(part, (asked.get(part) ?? 0) + 1);
    const onward = http.request({ port: v1.port, method, path: url, headers }, async (answer) => {
      const call = calls.find((part) => url.includes(part) && !lost.includes(part));
      if (!call) return void answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers));
      lost.push(call);
      const bytes = Buffer.concat(await answer.toArray());
      if (harm === "lost") return void outgoing.destroy();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (harm === "changed") return void outgoing.end(Buffer.alloc(bytes.length, 32));
      outgoing.write(bytes.subarray(0, 10), () => outgoing.destroy());
    });
    incoming.pipe(onward);
  });
  await once(way.listen(0, "127.0.0.1"), "listening");
  return { port: (way.address() as AddressInfo).port, lost, ranges, asked, close: () => way.close() };
}

const endLease = (ref: JobRef) =>
  sql`update tuning_claims set lease_until = now() - interval '1 second' where job_id = ${ref.id}`;

/** What usage says was trained, which is what invoices are made of. */
async function billed(ref: JobRef): Promise<number> {
  const [row] = await sql<{ tokens: string }[]>`select coalesce(sum(quantity), 0) as tokens from usage_events
    where job_id = ${ref.id} and kind = 'training'`;
  return Number(row?.tokens);
}

const stepsOf = async (ref: JobRef): Promise<number[]> =>
  (await sql<{ step: number }[]>`select step from tuning_checkpoints where job_id = ${ref.id} order by step`).map(
    ({ step }) => step,
  );
const allSteps = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.skipIf(!hasPython)("the shipped worker", () => {
  test("fine-tuning 36: fetches a job, trains it to its end, and its checkpoints are billed", async () => {
    const { ctx, ref } = await started();
    expect(await new Worker({ step: 0 }).rest()).toMatchObject({ code: 0 });
    const job = await jobOf(ctx, ref.id);
    expect(job).toMatchObject({ status: "SUCCESS", trainedSteps: 10, trainedTokens: job.extent?.trainTokens });
    expect(await stepsOf(ref)).toEqual(allSteps);
    expect(await billed(ref)).toBe(job.trainedTokens);
    // No server has its weights, and its base would answer as what it is not.
    expect(await sql`select state from tuned_models where job_id = ${ref.id}`).toEqual([{ state: "not_served" }]);
    const losses = await sql<{ loss: number }[]>`select train_loss as loss from tuning_points
      where job_id = ${ref.id} order by step`;
    expect(losses).toHaveLength(10);
    expect(losses.map(({ loss }) => loss)).toEqual(losses.map(({ loss }) => loss).toSorted((a, b) => b - a));
  });

  test("fine-tuning 36, 38: killed in the middle, another goes on from the last checkpoint and no token is billed twice", async () => {
    const { ctx, ref } = await started();
    const first = new Worker({ step: 60 });
    await first.until("Step 1 of 10 is kept.");
    first.child.kill("SIGKILL");
    await first.rest();
    await endLease(ref);
    const { code, said } = await new Worker({ step: 0 }).rest();
    expect([code, said]).toEqual([0, expect.stringContaining("turn 2")]);
    expect(said).not.toContain("Step 1 of 10");
    const job = await jobOf(ctx, ref.id);
    expect(job).toMatchObject({ status: "SUCCESS", trainedTokens: job.extent?.trainTokens });
    expect(await stepsOf(ref)).toEqual(allSteps);
    expect(await billed(ref)).toBe(job.trainedTokens);
  });

  test("fine-tuning 36, 38: what was answered and got lost is sent again, and counts once", async () => {
    const { ctx, ref } = await started();
    const calls = ["/train/0", "/checkpoints/1?", "/checkpoints/10?", "/heartbeat", "/finish"];
    const way = await lossyWay(calls);
    expect(await new Worker({ step: 0, port: way.port }).rest()).toMatchObject({ code: 0 });
    way.close();
    expect(way.lost.toSorted()).toEqual(calls.toSorted());
    const job = await jobOf(ctx, ref.id);
    expect(job).toMatchObject({ status: "SUCCESS", trainedTokens: job.extent?.trainTokens });
    expect(await stepsOf(ref)).toEqual(allSteps);
    expect(await billed(ref)).toBe(job.trainedTokens);
  });

  test.each([
    ["cut", ["/train/0 bytes=10-", "/checkpoint?step=1 bytes=10-"]],
    ["changed", []],
  ] as const)(
    "fine-tuning 38: data and weights that come %s are read on or anew, and held against their digest",
    async (harm, ranges) => {
      const { ctx, ref } = await started();
      const calls = ["/train/0", "/checkpoint?"];
      const way = await lossyWay(calls, harm);
      const first = new Worker({ step: 60, port: way.port });
      await first.until("Step 1 of 10 is kept.");
      first.child.kill("SIGKILL");
      await first.rest();
      await endLease(ref);
      expect(await new Worker({ step: 0, port: way.port }).rest()).toMatchObject({ code: 0 });
      way.close();
      expect([way.lost, way.ranges]).toEqual([calls, ranges]);
      // Once by each worker, and once more for what came harmed.
      expect(calls.map((part) => way.asked.get(part))).toEqual([3, 2]);
      expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "SUCCESS", trainedSteps: 10 });
    },
  );

  test("fine-tuning 38: one that wakes after its job was given to another changes nothing, and says so", async () => {
    const { ctx, ref } = await started();
    const asleep = new Worker({ step: 60, beat: 3 });
    await asleep.until("Step 1 of 10 is kept.");
    asleep.child.kill("SIGSTOP");
    await endLease(ref);
    expect(await new Worker({ step: 0 }).rest()).toMatchObject({ code: 0 });
    const ended = await jobOf(ctx, ref.id);
    asleep.child.kill("SIGCONT");
    expect(await asleep.rest()).toEqual({ code: 0, said: expect.stringContaining("The job is lost") });
    expect(await jobOf(ctx, ref.id)).toEqual(ended);
    expect(ended.status).toBe("SUCCESS");
  });

  test("fine-tuning 36: a cancel ends it, and what was kept by then is billed; a stop makes the model of it", async () => {
    for (const { end, status } of [
      { end: cancelJob, status: "CANCELLED" },
      { end: stopJob, status: "SUCCESS" },
    ]) {
      const { ctx, ref } = await started();
      const worker = new Worker({ step: 60, beat: 0.2 });
      await worker.until("Step 1 of 10 is kept.");
      await end(ctx, { job: ref.id });
      expect(await worker.rest()).toMatchObject({ code: 0 });
      const job = await jobOf(ctx, ref.id);
      expect(job).toMatchObject({ status, trainedSteps: 1 });
      expect(await billed(ref)).toBe(job.trainedTokens);
      expect(job.trainedTokens).toBeGreaterThan(0);
    }
  });

  test("fine-tuning 38: a revoked token ends it with the reason", async () => {
    await started();
    const worker = new Worker({ step: 60, beat: 0.2 });
    await worker.until("Step 1 of 10 is kept.");
    await revokeTrainer(systemContext("test"), { id: trainer.id });
    expect(await worker.rest()).toEqual({ code: 1, said: expect.stringContaining("was revoked") });
    expect(await new Worker({ step: 0 }).rest()).toEqual({ code: 1, said: expect.stringContaining("was revoked") });
  });
});
