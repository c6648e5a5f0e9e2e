import "#lib/testing/dataset-worker.ts";
import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { deleteFile, keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { dropBlobs } from "#lib/domain/retention/blobs/commands.ts";
import { blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";
import { deletionReceiptList } from "#lib/domain/retention/receipts/queries.ts";
import { fetchWeights } from "#lib/domain/tuned-models/serving/commands.ts";
import { TrainingServer } from "#lib/testing/training-server.ts";
import { unservedModel } from "#lib/testing/tuned-model.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
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

async function allOf<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** What the receipts of an organization say was removed, and of what. */
async function receiptsOf(ctx: Context) {
  const said = (await deletionReceiptList(ctx, { limit: 10 })).map(({ body }) => body);
  return said
    .map(({ targets, removed }) => ({ id: targets[0]?.id, bytes: removed[0]?.bytes, items: removed[0]?.items }))
    .toSorted((a, b) => Number(b.bytes) - Number(a.bytes));
}

test("T-4.2.3-DEL1: of the same weights in two organizations, deleted at once, each receipt speaks of its own", async () => {
  const weights = Buffer.from("the same weights");
  const places = await Promise.all([1, 2].map(() => testWorkspace(db)));
  const ids = await Promise.all(places.map((ctx) => unservedModel(ctx, weights)));
  const left = (ctx: Context) => allOf(storage().list(`${blobsPrefix}${ctx.organizationId}/`));
  const [first, second] = places as [Context, Context];
  await deleteTunedModel(first, { model: ids[0] ?? "", force: "false" });
  await dropBlobs(systemContext("test"));
  // The other one's stay until it is deleted as well.
  expect([await left(first), (await left(second)).length]).toEqual([[], 1]);
  const again = await unservedModel(first, weights);
  await Promise.all([
    deleteTunedModel(first, { model: again, force: "false" }),
    deleteTunedModel(second, { model: ids[1] ?? "", force: "false" }),
  ]);
  await dropBlobs(systemContext("test"));
  expect([await left(first), await left(second)]).toEqual([[], []]);
  const whole = { bytes: weights.length, items: 1 };
  expect((await receiptsOf(first)).map(({ id }) => id).toSorted()).toEqual([ids[0], again].toSorted());
  expect(await receiptsOf(second)).toEqual([{ id: ids[1], ...whole }]);
});

test("T-4.2.3-DEL1: of two models with the same weights, deleted at once, one receipt says that they went; of one model there is one", async () => {
  const weights = Buffer.from("shared weights");
  const ctx = await testWorkspace(db);
  const ids = await Promise.all([unservedModel(ctx, weights), unservedModel(ctx, weights)]);
  await Promise.all(ids.map((model) => deleteTunedModel(ctx, { model, force: "false" })));
  expect((await receiptsOf(ctx)).map(({ bytes }) => bytes)).toEqual([weights.length, 0]);
  const model = await unservedModel(ctx, weights);
  const twice = await Promise.allSettled([1, 2].map(() => deleteTunedModel(ctx, { model, force: "false" })));
  expect(twice.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await receiptsOf(ctx)).toHaveLength(3);
});

test("T-4.2.3-DATA: a file whose bytes a model has as weights is deleted without them, and its receipt names no content", async () => {
  const ctx = await testWorkspace(db);
  const weights = Buffer.from('{"text": "the same"}\n');
  const model = await unservedModel(ctx, weights);
  const kept = { file: "same.jsonl", purpose: "fine-tune", visibility: "workspace" } as const;
  const { id } = await keepFile(ctx, { ...kept, expiry: undefined }, await receiveContent(ctx, [weights], "fine-tune"));
  await deleteFile(ctx, { file: id });
  const [receipt] = await deletionReceiptList(ctx, { limit: 1 });
  expect(receipt?.body.targets.map(({ kind }) => kind)).toEqual(["file"]);
  const pieces = await fetchWeights({ ...ctx, actor: systemContext("test").actor }, { model });
  expect(Buffer.concat(await allOf(pieces))).toEqual(weights);
  await deleteTunedModel(ctx, { model, force: "false" });
  expect((await receiptsOf(ctx))[0]).toMatchObject({ id: model, bytes: weights.length });
});
