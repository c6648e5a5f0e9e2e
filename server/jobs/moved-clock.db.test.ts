import { expect, test, vi } from "vitest";
import { z } from "zod";
import { testDatabase } from "#db/testing.ts";
import { addDays, dayMs } from "#lib/core/clock.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();
const ctx = await testWorkspace(db);

test("under a moved clock a job waits as long as it was told to, because the queue runs on the database's clock", async () => {
  vi.stubEnv("CLOCK_OFFSET", String(40 * dayMs));
  vi.resetModules();
  const { enqueue } = await import("#lib/core/jobs/define.ts");
  const moved = { ...ctx, now: addDays(ctx.now, 40) };
  const job = { name: "test.wait", payload: z.object({}) };
  await enqueue(moved, job, {}, { runAt: addDays(moved.now, 1) });
  const [queued] = await sql<{ hours: number }[]>`
    select round(extract(epoch from run_at - now()) / 3600)::int as hours from graphile_worker.jobs where task_identifier = 'test.wait'`;
  expect(queued?.hours).toBe(24);
});
