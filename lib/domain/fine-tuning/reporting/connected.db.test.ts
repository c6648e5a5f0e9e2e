import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { disconnectService, pauseConnection, testConnection } from "#lib/domain/connections/commands.ts";
import { changeConnection, connectService } from "#lib/domain/connections/connecting/commands.ts";
import { changeConnectionInput, connectInput } from "#lib/domain/connections/input.ts";
import { keepReport } from "#lib/domain/fine-tuning/claims/reports/commands.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { markRunning } from "#lib/domain/fine-tuning/lifecycle/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { reachLocal, versionOf } from "#lib/testing/connections.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { WandbServer } from "#lib/testing/wandb-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { reportProgress } from "./commands.ts";
import { connectionWaitMs, settleMs } from "./rules.ts";

const { db, sql } = await testDatabase();
const apiKey = "c0ffee0123456789abcdef0123456789abcdef01";
const server = await new WandbServer(apiKey).start();
beforeAll(async () => {
  await tunable(sql, "tiny-chat-1");
  await allMonths(houseOf(db, await testWorkspace(db)), sql);
});
afterAll(() => server.close());

let ctx: Context;
let connection: Id<"connection">;
let passed = 0;

beforeEach(async () => {
  reachLocal();
  Object.assign(env(), { WANDB_URL: server.url });
  server.fault = () => undefined;
  passed = 0;
  ctx = await testWorkspace(db);
  connection = await connectService(
    ctx,
    connectInput.parse({
      ...{ connector: "wandb", name: "Runs", scope: "organization", acknowledged: versionOf("wandb") },
      ...{ project: "tunings", apiKey },
    }),
  );
});

const house = () => houseOf(db, ctx, new Date(ctx.now.getTime() + passed));
const state = async () => (await sql`select state from connections where id = ${connection}`)[0]?.state;

async function running(integration: object): Promise<JobRef> {
  const hyperparameters = { training_steps: 40 };
  const ref = await checkedJob(db, ctx, { model: "tiny-chat-1", integrations: [integration], hyperparameters });
  await startJob(ctx, { job: ref.id });
  await markRunning(house(), ref);
  return ref;
}

async function measured(ref: JobRef, step: number): Promise<void> {
  const point = { step, trainLoss: 1, validLoss: null, accuracy: null, learningRate: 0.1, tokens: 30 };
  await keepReport(house(), await lockJob(house(), ref), { step, points: [point], log: [] });
}

async function reported(ref: JobRef, afterMs: number): Promise<void> {
  passed += afterMs;
  await reportProgress(house(), { organization: ref.organizationId, job: ref.id, position: 0 });
}

test("contract 41: a job that names a connection is reported with its key; a key that is refused is waited for until a person gives another", async () => {
  expect(server.runs.size).toBe(1);
  const ref = await running({ connection });
  expect((await jobOf(ctx, ref.id)).integrations).toMatchObject([{ project: "tunings", connection }]);
  await reported(ref, settleMs);
  await measured(ref, 1);
  server.fault = () => 401;
  await reported(ref, settleMs * 3);
  expect(await state()).toBe("needs_reconnect");
  const calls = server.calls;
  await reported(ref, connectionWaitMs * 10);
  expect(server.calls).toBe(calls);
  server.fault = () => undefined;
  await changeConnection(
    ctx,
    changeConnectionInput.parse({ id: connection, connector: "wandb", name: "Runs", project: "tunings", apiKey }),
  );
  await reported(ref, connectionWaitMs * 10);
  expect([await state(), server.steps.includes(1)]).toEqual(["connected", true]);
  await disconnectService(ctx, { id: connection });
  await measured(ref, 2);
  await reported(ref, connectionWaitMs * 10);
  expect((await jobOf(ctx, ref.id)).events.map(({ name }) => name)).toContain("reporting_given_up");
});

test("a connection of another organization, another workspace, or one that stands still reports no job", async () => {
  const other = await testWorkspace(db);
  const refused = { code: "connection_not_usable" };
  await pauseConnection(ctx, { id: connection });
  await expect(running({ connection })).rejects.toMatchObject(refused);
  ctx = other;
  await expect(running({ connection })).rejects.toMatchObject(refused);
  await expect(testConnection(other, { id: connection })).rejects.toMatchObject({ problem: "not_found" });
});
