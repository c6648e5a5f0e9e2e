import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { startJob } from "#lib/domain/fine-tuning/commands.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import { createTrainer, revokeTrainer } from "#lib/domain/fine-tuning/trainers/commands.ts";
import { trainersOf } from "#lib/domain/fine-tuning/trainers/queries.ts";
import { allMonths, checkedJob, houseOf, tunable } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const model = "pulled-1";
let v1: Awaited<ReturnType<typeof openV1>>;
let ctx: Context;
let token: string;
let trainer: Awaited<ReturnType<typeof createTrainer>>;

beforeAll(async () => {
  v1 = await openV1(sql);
  await tunable(sql, model);
  ctx = await testWorkspace(db);
  await allMonths(houseOf(db, ctx), sql);
  trainer = await createTrainer(systemContext("test"), { name: "GPU box", models: [model] });
  token = trainer.token;
});
afterAll(() => v1.close());

type Answer = { status: number; body: Record<string, unknown> & { state?: string } };

async function call(method: string, path: string, sent?: unknown, by = token): Promise<Answer> {
  const isBytes = sent instanceof Uint8Array;
  const answer = await fetch(`http://127.0.0.1:${v1.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${by}`, ...(sent && !isBytes ? { "content-type": "application/json" } : {}) },
    ...(sent === undefined ? {} : { body: isBytes ? new Uint8Array(sent) : JSON.stringify(sent) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
}

async function started(): Promise<JobRef> {
  const ref = await checkedJob(db, ctx, { model });
  await sql`update tuning_jobs set trainer_kind = 'pull' where id = ${ref.id}`;
  await startJob(ctx, { job: ref.id });
  return ref;
}

const weights = (step: number) => Buffer.from(`weights of ${step} in ${ctx.workspaceId}`);
const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function put(claim: string, step: number, number: number, change: { sha256?: string; tokens?: number } = {}) {
  const bytes = weights(step);
  const query = new URLSearchParams({
    number: String(number),
    sha256: change.sha256 ?? sha(bytes),
    tokens: String(change.tokens ?? 30),
    train_loss: "0.5",
  });
  return call("PUT", `/v1/trainer/claims/${claim}/checkpoints/${step}?${query}`, bytes);
}

test("fine-tuning 36, 38: a worker fetches a job, reads its data, reports, sends weights and ends it", async () => {
  expect(await call("POST", "/v1/trainer/claims", {})).toMatchObject({ status: 204 });
  const ref = await started();
  const { status, body } = await call("POST", "/v1/trainer/claims", { models: [model], wait_s: 1 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ number: 1, steps: 10, resume_from: null, kept_step: 0 });
  const [data] = body.train as { url: string; sha256: string; bytes: number }[];
  const whole = await fetch(`http://127.0.0.1:${v1.port}${data?.url}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect([sha(bytes), bytes.length]).toEqual([data?.sha256, data?.bytes]);
  const claim = String(body.claim);
  const beat = await call("POST", `/v1/trainer/claims/${claim}/heartbeat`, {
    number: 1,
    step: 1,
    points: [{ step: 1, train_loss: 2, tokens: 12 }],
    log: [{ at: "2026-11-23T10:00:00Z", level: "info", text: "Loaded." }],
  });
  expect(beat).toEqual({ status: 200, body: { state: "go_on" } });
  expect((await put(claim, 5, 1)).body).toEqual({ state: "go_on" });
  expect((await put(claim, 5, 1)).body).toEqual({ state: "go_on" });
  expect(await put(claim, 7, 1, { sha256: sha(weights(8)) })).toMatchObject({ status: 400 });
  expect((await put(claim, 10, 1)).body).toEqual({ state: "go_on" });
  const finish = { number: 1, outcome: "succeeded", step: 10 };
  expect((await call("POST", `/v1/trainer/claims/${claim}/finish`, finish)).body).toEqual({ state: "finished" });
  expect((await call("POST", `/v1/trainer/claims/${claim}/finish`, finish)).body).toEqual({ state: "finished" });
  expect(await jobOf(ctx, ref.id)).toMatchObject({ status: "SUCCESS", trainedTokens: 60, trainedSteps: 10 });
  expect(await call("GET", data?.url ?? "")).toMatchObject({ status: 409, body: { code: "claim_lost" } });
});

test("fine-tuning 38: data and weights are read in parts, with their lines and digests told before", async () => {
  const ref = await started();
  const { body: first } = await call("POST", "/v1/trainer/claims", {});
  const [data] = first.train as { url: string; sha256: string; bytes: number; lines: number }[];
  expect(data?.lines).toBe(16);
  const read = async (url: string, range: string) => {
    const headers = { authorization: `Bearer ${token}`, range };
    const answer = await fetch(`http://127.0.0.1:${v1.port}${url}`, { headers });
    return { status: answer.status, part: answer.headers.get("content-range"), text: await answer.text() };
  };
  const whole = await read(data?.url ?? "", "bytes=0-");
  expect(sha(Buffer.from(whole.text))).toBe(data?.sha256);
  expect(await read(data?.url ?? "", "bytes=100-109")).toEqual({
    status: 206,
    part: `bytes 100-109/${data?.bytes}`,
    text: whole.text.slice(100, 110),
  });
  expect((await read(data?.url ?? "", `bytes=${data?.bytes}-`)).status).toBe(416);
  await put(String(first.claim), 5, 1);
  await sql`update tuning_claims set lease_until = now() - interval '1 second' where job_id = ${ref.id}`;
  const { body: second } = await call("POST", "/v1/trainer/claims", {});
  const resume = second.resume_from as { step: number; url: string; sha256: string; bytes: number };
  expect(resume).toMatchObject({ step: 5, sha256: sha(weights(5)), bytes: weights(5).length });
  expect((await read(resume.url, "bytes=8-")).text).toBe(weights(5).subarray(8).toString());
  // Without a step it is the last one that is whole; a step that is not kept is not there.
  const at = `/v1/trainer/claims/${second.claim}`;
  expect((await call("GET", `${at}/checkpoint`)).body).toEqual({ text: weights(5).toString() });
  expect((await call("GET", `${at}/checkpoint?step=4`)).status).toBe(404);
  const failure = { number: second.number, outcome: "failed", step: 5, code: "data", reason: "No.", advice: "Yes." };
  await call("POST", `${at}/finish`, failure);
});

test("fine-tuning 38: reports with a number that is not the last are told that the job is another's", async () => {
  await started();
  const { body } = await call("POST", "/v1/trainer/claims", {});
  const claim = String(body.claim);
  const beat = (number: number) => call("POST", `/v1/trainer/claims/${claim}/heartbeat`, { number, step: 1 });
  expect((await beat(Number(body.number) + 1)).body).toEqual({ state: "lost" });
  expect((await beat(Number(body.number))).body).toEqual({ state: "go_on" });
  const failure = {
    number: body.number,
    outcome: "failed",
    step: 0,
    code: "data",
    reason: "No labels.",
    advice: "Add some.",
  };
  expect((await call("POST", `/v1/trainer/claims/${claim}/finish`, failure)).body).toEqual({ state: "finished" });
});

test("fine-tuning 38: another worker, a customer's key and a revoked token reach nothing of a claim", async () => {
  await started();
  const { body } = await call("POST", "/v1/trainer/claims", {});
  const at = `/v1/trainer/claims/${String(body.claim)}`;
  const other = await createTrainer(systemContext("test"), { name: "Other", models: ["other-model"] });
  expect((await call("POST", "/v1/trainer/claims", { models: [model] }, other.token)).status).toBe(204);
  expect((await call("GET", `${at}/train/0`, undefined, other.token)).status).toBe(404);
  expect((await call("POST", `${at}/heartbeat`, { number: 1, step: 1 }, other.token)).status).toBe(404);
  const secret = await keyOf(ctx, { scopes: ["fine-tuning:write"] });
  for (const by of [secret, "cpw_nonsense", ""])
    expect((await call("POST", "/v1/trainer/claims", {}, by)).status).toBe(401);
  await revokeTrainer(systemContext("test"), { id: trainer.id });
  expect((await call("GET", `${at}/train/0`)).status).toBe(401);
  const listed = await trainersOf(systemContext("test"));
  expect(JSON.stringify(listed)).not.toContain(token);
  expect(listed.find(({ id }) => id === trainer.id)).toMatchObject({ name: "GPU box", tokenEnd: token.slice(-4) });
});
