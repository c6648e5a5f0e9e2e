import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import { TrainingServer } from "#lib/testing/training-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { deleteTunedModel } from "./commands.ts";
import { deleteThereJob } from "./jobs.ts";

const { db, sql } = await testDatabase();
const server = await new TrainingServer({ dialect: "openai" }).start();
const tuning = { trainer: "forward", dialect: "openai" };
process.env.UPSTREAMS = JSON.stringify([{ id: "there", url: server.url, models: [{ id: "theirs", tuning }] }]);
afterAll(() => server.close());

const queued = async (): Promise<unknown[]> =>
  (await sql`select payload from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
    where tasks.identifier = ${deleteThereJob.name}`.then((rows) => rows.map(({ payload }) => payload))) as unknown[];

test("T-4.2.3-DEL1: a model that another server has is deleted there as well, once it is deleted here", async () => {
  await sql`insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, created_at)
    values ('base', 'Base', '', 'us', 'there', 'theirs', '{}', 4096, now())`;
  const ctx = await testWorkspace(db);
  const { organizationId, workspaceId, actor } = ctx;
  const model = (id: string, kind: "forward" | "embedded", upstreamModel: string | null) => ({
    ...{ organizationId, workspaceId, id, jobId: newId("tuningJob", now()), step: 1, root: "base", model: "base" },
    ...{ kind, upstreamModel, state: "active" as const, visibility: "workspace" as const },
    ...{ ownerId: actor.id as never, createdAt: now(), updatedAt: now() },
  });
  await db
    .insert(tunedModels)
    .values([model("ft:there", "forward", "ft:theirs:1"), model("ft:here", "embedded", null)]);
  await deleteTunedModel(ctx, { model: "ft:here", force: "false" });
  expect(await queued()).toEqual([]);
  await deleteTunedModel(ctx, { model: "ft:there", force: "false" });
  expect(await queued()).toEqual([{ base: "theirs", name: "ft:theirs:1" }]);
  server.models.add("ft:theirs:1");
  await deleteThereJob.perform({ base: "theirs", name: "ft:theirs:1" });
  expect(server.models.size).toBe(0);
  // What is not there any more is deleted already.
  await deleteThereJob.perform({ base: "theirs", name: "ft:theirs:1" });
  // The upstream that trained it is asked, whatever else serves the base.
  server.models.add("ft:theirs:2");
  await deleteThereJob.perform({ base: "another name of it", name: "ft:theirs:2", upstream: "there" });
  expect(server.models.size).toBe(0);
  await expect(deleteThereJob.perform({ base: "gone", name: "ft:gone:1" })).rejects.toThrow("not configured");
});
