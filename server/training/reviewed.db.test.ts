import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { createJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { bundled } from "#lib/testing/bundles.ts";
import { learned, linesOf } from "#lib/testing/lessons.ts";
import { allMonths, houseOf, jobAsked, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql, url } = await testDatabase();
let bundles: Awaited<ReturnType<typeof bundled>>;
let ctx: Context;
const children: ChildProcess[] = [];

beforeAll(async () => {
  bundles = await bundled({
    process: "lib/testing/training-process.ts",
    "dist/tiny-trainer": "lib/engine/training/embedded/worker.ts",
  });
  ctx = await testWorkspace(db);
  await tunable(sql, "tiny-chat-1");
  await allMonths(houseOf(db, ctx), sql);
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await bundles.remove();
});

function startProcess(): ChildProcess {
  const file = bundles.file("process");
  const own = { ...process.env, DATABASE_URL: url, DATA_DIR: path.resolve(process.env.DATA_DIR ?? ".data") };
  const child = fork(file, { cwd: path.dirname(file), env: own, stdio: "ignore", execArgv: [] });
  children.push(child);
  return child;
}

const until = (isSo: () => Promise<boolean>) => expect.poll(isSo, { timeout: 60_000, interval: 5 }).toBe(true);

const turns = async (): Promise<number> => {
  const [row] = await sql<{ attempts: number }[]>`select attempts from tuning_reviews`;
  return row?.attempts ?? 0;
};

test("fine-tuning 43: a review whose processes are killed with -9 is made once by the next, and told of in one e-mail", async () => {
  const received = await receiveContent(ctx, [Buffer.from(linesOf(learned))], "fine-tune");
  const file = await keepFile(ctx, keepInput.parse({ file: "castle.jsonl" }), received);
  const asked = jobAsked(file.id, { model: "tiny-chat-1", hyperparameters: { training_steps: 60, random_seed: 3 } });
  const { id } = await createJob(ctx, asked);
  await validateJob(houseOf(db, ctx), { organizationId: ctx.organizationId, id });
  await startJob(ctx, { job: id });
  for (const turn of [1, 2]) {
    const child = startProcess();
    await until(async () => (await turns()) === turn);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    // Its lease ends by itself in a minute.
    await sql`update tuning_reviews set lease_until = now() - interval '1 second' where state = 'pending'`;
  }
  startProcess();
  await until(async () => (await jobOf(ctx, id)).verdict !== null);
  const job = await jobOf(ctx, id);
  expect(job.verdict).toMatchObject({ is: "better", text: expect.stringContaining("on 3 answers") });
  const review = await reviewOf(ctx, job.tunedModelId ?? "", 60);
  expect(review).toMatchObject({ state: "ready", figures: { samples: 3, prompts: 3, style: { base: 0, tuned: 3 } } });
  const letters = await sql`select text from letters where kind = 'fine-tuning.succeeded'`;
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toContain(job.verdict?.text);
}, 300_000);
