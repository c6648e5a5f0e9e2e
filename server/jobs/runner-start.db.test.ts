import { expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "#db/testing.ts";
import { testWire } from "#db/testing-wire.ts";
import { defineJob, type Job } from "#lib/core/jobs/define.ts";
import { startRunner } from "./runner.ts";

const { url, sql } = await testDatabase();

const daily = defineJob({
  name: "test.daily",
  payload: z.object({}),
  cron: "30 3 * * *",
  run: async () => {},
}) as Job;

test("a worker that starts while the database does not answer waits for it, and notes its schedules then", async () => {
  const wire = await testWire(url);
  process.env.DATABASE_URL = wire.url;
  wire.silence();
  const starting = startRunner(url, [daily]);
  const begun = starting.then(() => "begun", String);
  await expect.poll(() => wire.opened(), { timeout: 10_000 }).toBeGreaterThan(1);
  wire.mend();
  expect(await begun).toBe("begun");
  expect(await sql`select name, every_minutes from job_runs`).toEqual([{ name: "test.daily", every_minutes: 1440 }]);
  await (await starting).stop();
  await wire.close();
});
