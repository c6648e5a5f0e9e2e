import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints } from "#db/schema/tuning.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/env.ts";
import { keepBlob } from "#lib/domain/files/blobs/commands.ts";
import { receiveBytes } from "#lib/domain/files/contents/commands.ts";
import { deleteTunedModel } from "#lib/domain/model-deletion/commands.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { deletionReceiptList } from "#lib/domain/retention/receipts/queries.ts";
import { archiveTunedModel, chooseCheckpoint, restoreTunedModel } from "#lib/domain/tuned-models/commands.ts";
import { type Deployer, deployersOf } from "#lib/engine/adapters/deployers.ts";
import { adapterPrefix } from "#lib/engine/adapters/names.ts";
import { adapterArchive } from "#lib/testing/adapter-archive.ts";
import { jobOn } from "#lib/testing/file-jobs.ts";
import { unservedModel } from "#lib/testing/tuned-model.ts";
import { VllmServer } from "#lib/testing/vllm-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "#server/v1/testing.ts";
import { deployTunedModels } from "./commands.ts";

const { db, sql } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-deploying-"));
const [first, second] = [new VllmServer("base"), new VllmServer("base")];
const both = [first, second];
let deployers: Deployer[];
let v1: Awaited<ReturnType<typeof openV1>>;
let ctx: Context;
let secret: string;

beforeAll(async () => {
  for (const server of both) await server.start();
  const upstream = {
    id: "gpu",
    url: first.url,
    timeoutMs: 2000,
    deployer: { kind: "vllm", folder, replicas: [first.url, second.url] },
    models: [{ id: "base", price: { input: 1, output: 1 } }],
  };
  deployers = deployersOf(parse({ ...process.env, UPSTREAMS: JSON.stringify([upstream]) }));
  v1 = await openV1(sql, undefined, { upstreams: [upstream] });
});
afterAll(async () => {
  await v1.close();
  for (const server of both) await server.close();
  fs.rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  ctx = await testWorkspace(db);
  secret = await keyOf(ctx);
});
afterEach(async () => {
  first.until = async () => undefined;
  for (const server of both) server.fault = () => undefined;
  await sql`delete from tuned_models where organization_id = ${ctx.organizationId}`;
  await round(180);
  for (const server of both) server.calls.length = 0;
});

/** What the job does each minute, so many minutes from now. */
const round = (minutes = 0) => {
  const now = systemContext("test");
  return deployTunedModels({ ...now, now: addMinutes(now.now, minutes) }, deployers);
};

async function trained(text: string): Promise<string> {
  const id = await unservedModel(ctx, adapterArchive(text));
  await db.update(tunedModels).set({ model: "base", root: "base" }).where(eq(tunedModels.id, id));
  return id;
}

const body = (model: string) => ({ model, messages: [{ role: "user", content: "Hello" }] });
const chat = async (model: string) => {
  const { status, body: said } = await v1.ask(secret, "POST", "/v1/chat/completions", body(model));
  return status === 200 ? said.choices[0].message.content : said.code;
};
const stateOf = async (id: string) =>
  (await sql`select state, upstreams from tuned_models where id = ${id}`.then(([row]) => row)) as {
    state: string;
    upstreams: string[] | null;
  };
const laid = () => fs.readdirSync(folder).filter((name) => name.startsWith(adapterPrefix()));
const names = (server: VllmServer) => [...server.adapters.keys()];
const receipts = async () => (await deletionReceiptList(ctx, { limit: 10 })).map(({ body: said }) => said);

test("fine-tuning 39: what a worker trained is loaded at every server and answers; its servers are told once", async () => {
  const id = await trained("pirate");
  expect(await chat(id)).toBe("model_not_served");
  await round();
  expect(both.map(names)).toEqual([laid(), laid()]);
  expect(laid()).toHaveLength(1);
  expect(await stateOf(id)).toEqual({ state: "active", upstreams: ["gpu"] });
  await expect.poll(() => chat(id)).toBe("pirate");
  const [told] = await sql`select action, before, after from audit_events where object_id = ${id}`;
  expect(told).toMatchObject({ action: "model.serve", before: { state: "not_served" }, after: { state: "active" } });
  await round(1);
  expect(both.map((server) => server.asked("load_lora_adapter").length)).toEqual([1, 1]);
  expect(await chat("base")).toBe("the base");
});

test("fine-tuning 39: the first request at a server that was started again loads the model and is answered, once", async () => {
  const id = await trained("pirate");
  await round();
  await expect.poll(() => chat(id)).toBe("pirate");
  first.restart();
  expect(await chat(id)).toBe("pirate");
  expect(first.asked("chat/completions")).toHaveLength(3);
  first.restart();
  const streamed = await v1.send(secret, "POST", "/v1/chat/completions", { ...body(id), stream: true });
  expect(await streamed.text()).toContain("pirate");
  second.restart();
  await round();
  expect(both.map(names)).toEqual([laid(), laid()]);
});

test("fine-tuning 39: many who ask at once after a restart are all answered, and wait for one loading together", async () => {
  const id = await trained("pirate");
  await round();
  await expect.poll(() => chat(id)).toBe("pirate");
  first.restart();
  const [asked, loaded] = [first.asked("chat/completions").length, first.asked("load_lora_adapter").length];
  first.until = async ({ path: place }) => {
    if (!place.endsWith("/load_lora_adapter")) return;
    await expect.poll(() => first.asked("chat/completions").length).toBeGreaterThanOrEqual(asked + 12);
  };
  expect(await Promise.all(Array.from({ length: 12 }, () => chat(id)))).toEqual(Array(12).fill("pirate"));
  // All had asked before it was loaded: on their own they would have had it loaded twelve times.
  expect(first.asked("load_lora_adapter").length).toBeLessThan(loaded + 12);
});

test("fine-tuning 39: a server that cannot load it again is asked no third time, and the customer hears no 404 of it", async () => {
  const id = await trained("pirate");
  await round();
  await expect.poll(() => chat(id)).toBe("pirate");
  const asked = first.asked("chat/completions").length;
  first.restart();
  first.fault = ({ path: place }) => (place.endsWith("load_lora_adapter") ? "silent-success" : undefined);
  expect(await chat(id)).toBe("unavailable");
  expect(first.asked("chat/completions")).toHaveLength(asked + 2);
  // Others' requests go on as ever.
  expect(await chat("base")).toBe("the base");
});

test("fine-tuning 39: adapters of others stay, those of ours that nobody wants go", async () => {
  const stray = `${adapterPrefix()}of-a-deleted-workspace`;
  for (const server of both) for (const name of ["theirs", stray]) server.adapters.set(name, "x");
  fs.mkdirSync(path.join(folder, stray));
  await round();
  expect(both.map(names)).toEqual([["theirs"], ["theirs"]]);
  expect(laid()).toEqual([]);
  for (const server of both) server.restart();
});

test("fine-tuning 39: archived it is dropped everywhere; restored it answers once it is loaded again", async () => {
  const id = await trained("pirate");
  await round();
  await archiveTunedModel(ctx, { model: id });
  await round();
  expect([both.map(names), laid()]).toEqual([[[], []], []]);
  expect(await restoreTunedModel(ctx, { model: id })).toMatchObject({ state: "not_served" });
  await round();
  await expect.poll(() => chat(id)).toBe("pirate");
});

test("fine-tuning 39: another checkpoint answers once a server has loaded it, and the one before until then", async () => {
  const id = await trained("pirate");
  await round();
  await expect.poll(() => chat(id)).toBe("pirate");
  const { organizationId } = ctx;
  const jobId = await jobOn(db, ctx, newId("file", ctx.now));
  await db.update(tunedModels).set({ jobId }).where(eq(tunedModels.id, id));
  const blobId = await keepBlob(ctx, await receiveBytes(ctx, [adapterArchive("corsair")]));
  await db
    .insert(tuningCheckpoints)
    .values({ organizationId, jobId, step: 20, sha256: "0".repeat(64), blobId, at: ctx.now });
  await chooseCheckpoint(ctx, { model: id, step: 20 });
  for (const server of both)
    server.fault = ({ path: place }) => (place.endsWith("/load_lora_adapter") ? "500" : undefined);
  await round();
  expect(await chat(id)).toBe("pirate");
  for (const server of both) server.fault = () => undefined;
  await round(1);
  await expect.poll(() => chat(id)).toBe("corsair");
  await round(2);
  expect(both.map(names)).toEqual([laid(), laid()]);
  expect(laid()).toHaveLength(1);
});

test("fine-tuning 39: rounds of two processes at once, or one after a kill in the middle, leave the same", async () => {
  const ids = [await trained("pirate"), await trained("corsair")];
  fs.mkdirSync(path.join(folder, `.${adapterPrefix()}half.1`), { recursive: true });
  await Promise.all([round(), round(), round()]);
  expect(both.map((server) => names(server).toSorted())).toEqual([laid().toSorted(), laid().toSorted()]);
  expect(laid()).toHaveLength(2);
  expect(fs.readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
  for (const id of ids) {
    const told = await sql`select from audit_events where object_id = ${id} and action = 'model.serve'`;
    expect(told).toHaveLength(1);
  }
});

test("fine-tuning 39 · T-4.2.3-DEL1: deleted it is dropped at every server, the folder is empty, and receipts say so", async () => {
  const id = await trained("pirate");
  await round();
  const [adapter] = laid();
  await deleteTunedModel(ctx, { model: id, force: "false" });
  const [asked] = await receipts();
  const at = (replica: number, state: string) => ({ server: `gpu/${replica}`, adapter, state });
  expect(asked?.servers).toMatchObject([at(1, "has_it"), at(2, "has_it")]);
  await round();
  expect([both.map(names), laid()]).toEqual([[[], []], []]);
  // Another round may have been under way, so it is not believed at once.
  expect(await receipts()).toHaveLength(1);
  await round(2);
  const [done] = await receipts();
  expect(done).toMatchObject({ clause: "T-4.2.3-DEL1", targets: [{ kind: "model", id }] });
  expect(done?.servers).toMatchObject([at(1, "unloaded"), at(2, "unloaded")]);
  expect(await sql`select from tuned_model_servers where organization_id = ${ctx.organizationId}`).toHaveLength(0);
});

test("fine-tuning 39 · T-4.2.2.2-ZDR3: models that a purge removes are dropped by their servers too, and a receipt says so", async () => {
  await trained("pirate");
  await round();
  const { organizationId } = ctx;
  await purgeScope(systemContext("test"), { organizationId, workspaceId: null }, ["tuned-models"]);
  await round();
  expect([both.map(names), laid()]).toEqual([[[], []], []]);
  await round(2);
  const [done] = await receipts();
  expect(done?.servers?.map(({ state }) => state)).toEqual(["unloaded", "unloaded"]);
});

test("fine-tuning 39: a server that does not drop a deleted model is named after an hour, and told until it does", async () => {
  const id = await trained("pirate");
  await round();
  await deleteTunedModel(ctx, { model: id, force: "false" });
  second.fault = ({ path: place }) => (place.endsWith("unload_lora_adapter") ? "500" : undefined);
  await round(30);
  expect(await receipts()).toHaveLength(1);
  await round(61);
  await round(62);
  const [late, ...others] = await receipts();
  expect(others).toHaveLength(1);
  expect(late?.servers?.map(({ state }) => state)).toEqual(["unloaded", "has_it"]);
  second.fault = () => undefined;
  await round(90);
  expect((await receipts())[0]?.servers?.map(({ state }) => state)).toEqual(["unloaded", "unloaded"]);
});

test.each(["500", "hang", "huge", "already", "other-name", "silent-success", "drop"] as const)(
  "fine-tuning 39: one server that answers a load with %s keeps nobody from the other, and is told again",
  { timeout: 90_000 },
  async (fault) => {
    const id = await trained("pirate");
    second.fault = ({ path: place }) => (place.endsWith("/load_lora_adapter") ? fault : undefined);
    await round();
    expect(await stateOf(id)).toMatchObject({ state: "active" });
    const [row] = await sql`select state, problem from tuned_model_servers where model_id = ${id} and replica = 2`;
    expect(row).toMatchObject({ state: "missing", problem: expect.stringMatching(/\w/) });
    second.fault = () => undefined;
    await round(1);
    expect(names(second)).toContain(laid()[0]);
  },
);

test.each(["500", "huge", "drop", "silent-success"] as const)(
  "fine-tuning 39: a server whose list is %s is asked for nothing, and what it had counts",
  async (fault) => {
    const id = await trained("pirate");
    await round();
    for (const server of both) server.fault = ({ path: place }) => (place.endsWith("/models") ? fault : undefined);
    await round(1);
    expect(await stateOf(id)).toMatchObject({ state: "active", upstreams: ["gpu"] });
    expect(both.map((server) => server.asked("load_lora_adapter").length)).toEqual([1, 1]);
  },
);

test("fine-tuning 39: what is no adapter is served nowhere, and the operator is told why; other models are", async () => {
  const broken = await unservedModel(ctx, Buffer.from("no archive"));
  await db.update(tunedModels).set({ model: "base" }).where(eq(tunedModels.id, broken));
  const id = await trained("pirate");
  await round();
  expect([(await stateOf(broken)).state, (await stateOf(id)).state]).toEqual(["not_served", "active"]);
  const rows = await sql`select problem from tuned_model_servers where model_id = ${broken}`;
  expect(rows.map(({ problem }) => problem)).toEqual(Array(2).fill(expect.stringContaining("archive")));
});
