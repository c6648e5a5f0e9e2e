import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { beat, claimJob } from "#lib/domain/fine-tuning/claims/commands.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { trainingCommands } from "./trainings.ts";

const { db, sql } = await testDatabase();
const model = "released-1";
beforeAll(() => tunable(sql, model));

async function run(name: string, job: string) {
  const outcome = await trainingCommands
    .find((command) => command.name === name)
    ?.run?.(systemContext("test"), { job });
  if (!outcome) throw new Error(`There is no ${name}.`);
  return { ...outcome, text: outcome.lines.join("\n") };
}

test("fine-tuning 38: the operator sees how a job stands, and takes it from its trainer: another goes on, the first is told", async () => {
  const ctx = await testWorkspace(db);
  await allMonths(houseOf(db, ctx), sql);
  const ref = await checkedJob(db, ctx, { model });
  await expect(run("job release", ref.id)).rejects.toMatchObject({ problem: "conflict" });
  await startJob(ctx, { job: ref.id });
  const offer = { kinds: ["embedded"] as const, models: [model] };
  const first = await claimJob(houseOf(db, ctx), offer);
  if (!first) throw new Error("There was nothing to claim.");
  const shown = await run("job show", ref.id);
  expect(shown.text).toMatch(/RUNNING/);
  expect(shown.text).toMatch(/holds €\S+ of the workspace in \d{4}-\d\d/);
  expect(shown.text).toMatch(/turn 1 {2}this installation .* open, lease until/);
  expect(shown.text).not.toContain("data-");
  expect(await claimJob(houseOf(db, ctx), offer)).toBeNull();

  expect((await run("job release", ref.id)).text).toBe(`released ${first.id}`);
  const report = { step: 1, points: [], log: [] };
  expect(await beat(houseOf(db, ctx), first, report)).toBe("lost");
  const second = await claimJob(houseOf(db, ctx), offer);
  expect(second).toMatchObject({ jobId: ref.id, number: 2 });
  expect((await run("job show", ref.id)).text).toMatch(/turn 1 .* given back/);
  const told = await sql`select action, actor_kind, after from audit_events where object_id = ${ref.id}
    and action = 'fine_tuning_job.release'`;
  expect(told).toEqual([{ action: "fine_tuning_job.release", actor_kind: "system", after: { turn: 1, step: 0 } }]);
});

test("fine-tuning 38: a job that is not there is neither shown nor released", async () => {
  await expect(run("job show", "ftj_00000000000000000000000000")).rejects.toMatchObject({ problem: "not_found" });
  await expect(run("job release", "nonsense")).rejects.toMatchObject({ problem: "invalid" });
});
