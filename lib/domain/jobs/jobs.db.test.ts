import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { jobRuns } from "#db/schema/job-runs.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { registry } from "#server/jobs/registry.ts";
import { startRunner } from "#server/jobs/runner.ts";
import { systemContext } from "#server/system-context.ts";
import { noteRun, retryJob } from "./commands.ts";
import { deskJobs, failedJobs } from "./queries.ts";
import { minutesLate, stateOf } from "./rules.ts";

const { db, sql, url } = await testDatabase();
const now = new Date("2026-11-29T12:00:00Z");
const system = { ...systemContext("test"), now };

test("every scheduled job is known to the desk from a worker's first start, with how long its schedule waits at most", async () => {
  const runner = await startRunner(url);
  await runner.stop();
  const jobs = await deskJobs(staffAt("support", now));
  expect(jobs.map(({ name }) => name).toSorted()).toEqual(
    registry.flatMap(({ name, cron }) => (cron ? [name] : [])).toSorted(),
  );
  const every = Object.fromEntries(jobs.map(({ schedule, everyMinutes }) => [schedule, everyMinutes]));
  expect(every).toMatchObject({ "*/5 * * * *": 5, "* * * * *": 1, "17 4 * * 1": 7 * 1440, "41 * * * *": 60 });
});

test("help-zdr 24: a purge that is late is red after an hour, and shown first", async () => {
  const name = "retention.purge-contents";
  await db.update(jobRuns).set({ knownSince: now, succeededAt: now });
  await noteRun(system, name, null);
  const state = async (minutes: number) => {
    const at = addMinutes(now, minutes);
    const [first] = (await deskJobs(staffAt("admin", at))).filter((job) => job.name === name);
    return first && stateOf(first, at);
  };
  expect(await Promise.all([5, 20, 21, 65, 66].map(state))).toEqual(["good", "good", "warn", "warn", "bad"]);
  await noteRun(system, name, "Fault: disk");
  await db
    .update(jobRuns)
    .set({ succeededAt: addMinutes(now, -100) })
    .where(eq(jobRuns.name, name));
  const [first] = (await deskJobs(staffAt("admin", now))).toSorted((a, b) => minutesLate(b, now) - minutesLate(a, now));
  expect(first).toMatchObject({ name, failure: "Fault: disk", failedAt: now });
});

test("a job that failed for good is tried again by staff who may, and by no one else", async () => {
  await sql`select graphile_worker.add_job('help.close', '{}', max_attempts := 1)`;
  await sql`update graphile_worker._private_jobs set attempts = 1, last_error = 'Fault at somewhere'`;
  const desk = staffAt("support", now);
  const [failed] = await failedJobs(desk);
  expect(failed).toMatchObject({ name: "help.close", attempts: 1, failure: "Fault at somewhere" });
  const id = failed?.id ?? "";
  await expect(failedJobs(staffAt("billing", now))).rejects.toMatchObject({ problem: "forbidden" });
  // The database gives a customer nothing of the queue either.
  const ctx = await testWorkspace(db);
  const mine = tenantDb({ organizationId: ctx.organizationId });
  expect(await mine.execute("select * from failed_jobs()")).toHaveLength(0);
  expect(await mine.execute(`select retry_job(${id}) as name`)).toEqual([{ name: null }]);
  await retryJob(desk, { id });
  expect(await failedJobs(desk)).toEqual([]);
  await expect(retryJob(desk, { id })).rejects.toMatchObject({ problem: "not_found" });
  const audit = await sql`select after from audit_events where action = 'job.retry'`;
  expect(audit).toEqual([{ after: { name: "help.close" } }]);
});
