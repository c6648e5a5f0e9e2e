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
import { learned, linesOf } from "#lib/testing/lessons.ts";
import { kill, processesOf } from "#lib/testing/processes.ts";
import { allMonths, houseOf, jobAsked, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql, url } = await testDatabase();
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
    const child = processes.start();
    await until(async () => (await turns()) === turn);
    await kill(child);
    // Its lease ends by itself in a minute.
    await sql`update tuning_reviews set lease_until = now() - interval '1 second' where state = 'pending'`;
  }
  processes.start();
  await until(async () => (await jobOf(ctx, id)).verdict !== null);
  const job = await jobOf(ctx, id);
  expect(job.verdict).toMatchObject({ is: "better", text: expect.stringContaining("on 3 answers") });
  const review = await reviewOf(ctx, job.tunedModelId ?? "", 60);
  expect(review).toMatchObject({ state: "ready", figures: { samples: 3, prompts: 3, style: { base: 0, tuned: 3 } } });
  const letters = await sql`select text from letters where kind = 'fine-tuning.succeeded'`;
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toContain(job.verdict?.text);
}, 300_000);
