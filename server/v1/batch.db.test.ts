import { afterAll, expect, test } from "vitest";
import { uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { batchListFilter } from "#lib/domain/batch/listing/input.ts";
import { batchPage } from "#lib/domain/batch/listing/queries.ts";
import { jobsOf } from "#lib/domain/files/queries.ts";
import { chatLine, requestFile } from "#lib/testing/batches.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";
import { asked, batchesAt, idOf, jobs } from "./testing-batches.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const batches = await batchesAt({ db, sql, v1 });
const { world, run, done, begun, ended, violations } = batches;
afterAll(async () => {
  await batches.stop();
  await v1.close();
});

test("batch 1: requests of a file are answered at half price, in the order of the input, and billed as events of their key", async () => {
  const { ctx, secret } = await world();
  const names = Array.from({ length: 40 }, (_, n) => `q${n}`);
  const { body, output, errors } = await done(
    ctx,
    secret,
    names.map((name) => chatLine(name)),
  );
  expect(body).toMatchObject({
    status: "SUCCESS",
    total_requests: 40,
    completed_requests: 40,
    succeeded_requests: 40,
    failed_requests: 0,
  });
  expect(output.map((line) => line.custom_id)).toEqual(names);
  expect(errors).toEqual([]);
  expect(output[0]).toMatchObject({
    error: null,
    response: { status_code: 200, body: { object: "chat.completion", model: "small" } },
  });
  const events =
    await sql`select input_micros::int as input, output_micros::int as output, cost_pico::text as cost, agent
    from usage_events where organization_id = ${ctx.organizationId}`;
  expect(events).toHaveLength(40);
  // Ten tokens at half of 1 euro a million, and two at half of 3.
  expect({ ...events[0] }).toEqual({
    input: 500_000,
    output: 1_500_000,
    cost: String(10 * 500_000 + 2 * 1_500_000),
    agent: "batch",
  });
  const [row] =
    await sql`select cost_pico::text as cost, prompt_tokens::int as prompt from batch_jobs where organization_id = ${ctx.organizationId}`;
  expect({ ...row }).toEqual({ cost: String(40 * 8_000_000), prompt: 400 });
  expect(await violations()).toEqual([]);
});

test("batch 2: a line that is wrong stands in the file of errors, and the others are answered", async () => {
  const { ctx, secret } = await world();
  const lines = [
    chatLine("good"),
    { ...chatLine("elsewhere"), method: "POST", url: "/v1/embeddings" },
    { ...chatLine("openai"), method: "POST", url: "/v1/chat/completions" },
    chatLine("good"),
    chatLine("no-model", { model: "nowhere" }),
    chatLine("streamed", { stream: true }),
    { custom_id: "bad-field", body: { model: "small", messages: "none" } },
  ];
  const { body, output, errors } = await done(ctx, secret, lines);
  expect(body).toMatchObject({ status: "SUCCESS", total_requests: 7, succeeded_requests: 2, failed_requests: 5 });
  expect(output.map((line) => line.custom_id)).toEqual(["good", "openai"]);
  expect(errors.map((line) => [line.custom_id, line.error?.code ?? line.response?.status_code])).toEqual([
    ["elsewhere", "mismatched_endpoint"],
    ["good", "duplicate_custom_id"],
    ["no-model", 400],
    ["streamed", "invalid_stream"],
    ["bad-field", 422],
  ]);
  expect(errors[1]?.error?.message).toContain("line 1");
  expect(body.errors).toContainEqual({ message: "invalid_model (400)", count: 1 });
  expect(await violations()).toEqual([]);
});

test("batch 3: a batch of wrong requests alone has failed, and nothing is billed", async () => {
  const { ctx, secret } = await world();
  const { body, errors } = await done(ctx, secret, [chatLine("a", { model: "nowhere" })]);
  expect(body).toMatchObject({ status: "FAILED", output_file: null, failed_requests: 1 });
  expect(errors).toHaveLength(1);
  expect(await v1.counted(ctx.organizationId)).toEqual([]);
});

test("batch 4: requests sent along are a file too, embeddings take the model of the batch, and inline has the answers", async () => {
  const { ctx, secret } = await world();
  v1.script.length = 0;
  const requests = [{ custom_id: "one", body: { input: "First." } }, { body: { input: "Second." } }];
  const sent = { requests, endpoint: "/v1/embeddings", model: "small", metadata: { run: "7" } };
  const { status, body } = await v1.ask(secret, "POST", jobs, sent);
  expect([status, body.input_files.length, body.total_requests]).toEqual([200, 1, 2]);
  const runner = run();
  await ended(ctx, secret, body.id);
  await runner.stop();
  const got = await v1.ask(secret, "GET", `${jobs}/${body.id}?inline=true`);
  expect(got.body).toMatchObject({ status: "SUCCESS", metadata: { run: "7" } });
  expect(got.body.outputs.map((one: { custom_id: string | null }) => one.custom_id)).toEqual(["one", null]);
  const listed = await v1.ask(secret, "GET", `${jobs}?metadata=${encodeURIComponent('{"run":"7"}')}&status=SUCCESS`);
  expect(listed.body).toMatchObject({ total: 1, data: [{ id: body.id }] });
});

test("batch 5: OpenAI's form is the same batch in its words", async () => {
  const { ctx, secret } = await world();
  const file = await requestFile(ctx, [{ ...chatLine("a"), method: "POST", url: "/v1/chat/completions" }]);
  const made = await v1.ask(secret, "POST", "/v1/batches", {
    input_file_id: uuidOf(file),
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
  });
  expect(made).toMatchObject({
    status: 200,
    body: { object: "batch", status: "validating", completion_window: "24h" },
  });
  const runner = run();
  await ended(ctx, secret, made.body.id);
  await runner.stop();
  const { body } = await v1.ask(secret, "GET", `/v1/batches/${made.body.id}`);
  expect(body).toMatchObject({
    status: "completed",
    request_counts: { total: 1, completed: 1, failed: 0 },
    usage: { input_tokens: 10, output_tokens: 2, total_tokens: 12 },
    error_file_id: null,
  });
  expect(body.output_file_id).toEqual(expect.any(String));
  const list = await v1.ask(secret, "GET", "/v1/batches?limit=1");
  expect(list.body).toMatchObject({ object: "list", has_more: false, first_id: made.body.id, last_id: made.body.id });
});

test("batch 6: what is not offered, not there or not allowed is refused before there is a batch", async () => {
  const { ctx, secret } = await world();
  const file = await requestFile(ctx, [chatLine("a")]);
  const elsewhere = await v1.ask(secret, "POST", jobs, asked(file, { endpoint: "/v1/ocr" }));
  expect(elsewhere.status).toBe(422);
  expect(elsewhere.body.message).toContain("/v1/fim/completions");
  expect((await v1.ask(secret, "POST", jobs, asked(file, { model: "nowhere" }))).status).toBe(422);
  expect((await v1.ask(secret, "POST", jobs, { endpoint: "/v1/embeddings" })).status).toBe(422);
  const other = await world();
  expect((await v1.ask(other.secret, "POST", jobs, asked(file))).status).toBe(404);
  const reader = await keyOf(ctx, { scopes: ["batch:read", "completions:create"] });
  expect((await v1.ask(reader, "POST", jobs, asked(file))).status).toBe(403);
  const askless = await keyOf(ctx, { scopes: ["batch:write"] });
  expect((await v1.ask(askless, "POST", jobs, asked(file))).status).toBe(403);
  expect(
    await sql`select id from batch_jobs where organization_id in (${ctx.organizationId}, ${other.ctx.organizationId})`,
  ).toEqual([]);
});

test("batch 7: a plan has so many batches at once, a file is in use while it is read, and other tenants see nothing", async () => {
  const { ctx, secret } = await world({ plan: "free" });
  const file = await requestFile(ctx, [chatLine("a")]);
  const { body } = await v1.ask(secret, "POST", jobs, asked(file));
  const second = await v1.ask(secret, "POST", jobs, asked(file));
  expect([second.status, second.body.type]).toEqual([403, "plan_limit"]);
  const kept = await v1.ask(secret, "DELETE", `/v1/files/${uuidOf(file)}`);
  expect([kept.status, kept.body.type]).toEqual([409, "file_in_use"]);
  expect(await jobsOf(ctx, file)).toMatchObject([{ id: idOf(body.id), use: "batch", status: "QUEUED" }]);
  expect((await v1.ask(secret, "DELETE", `${jobs}/${body.id}`)).status).toBe(409);
  const other = await world();
  for (const [method, path] of [
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/cancel"],
  ] as const)
    expect((await v1.ask(other.secret, method, `${jobs}/${body.id}${path}`)).status).toBe(404);
  const cancelled = await v1.ask(secret, "POST", `${jobs}/${body.id}/cancel`);
  expect(cancelled.body.status).toBe("CANCELLED");
  expect((await v1.ask(secret, "DELETE", `${jobs}/${body.id}`)).body).toEqual({
    id: body.id,
    object: "batch",
    deleted: true,
  });
  expect((await v1.ask(secret, "DELETE", `/v1/files/${uuidOf(file)}`)).status).toBe(200);
});

test("batch 7: what is called by a file that its owner alone sees is not called so to others", async () => {
  const { ctx, secret } = await world();
  await begun(ctx, secret, [chatLine("q0")], {
    input_files: [uuidOf(await requestFile(ctx, [chatLine("q0")], "user"))],
  });
  const other = await testWorkspace(db, { within: ctx });
  const namesFor = async (who: typeof ctx, q = "") =>
    (await batchPage(who, batchListFilter.parse({ q }))).rows.map(({ fileName }) => fileName);
  expect(await namesFor(ctx)).toEqual(["questions.jsonl"]);
  expect(await namesFor(ctx, "questions")).toEqual(["questions.jsonl"]);
  expect(await namesFor(other)).toEqual([null]);
  expect(await namesFor(other, "questions")).toEqual([]);
});
