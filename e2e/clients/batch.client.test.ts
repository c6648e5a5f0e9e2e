import { Mistral as Mistral1 } from "mistral-1";
import { Mistral } from "mistral-2";
import { Mistral as Mistral24 } from "mistral-2.4";
import { OpenAI, toFile } from "openai-6";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "../../db/client.ts";
import type { BatchRunner } from "../../lib/gateway/batch/runner.ts";
import { batchRunner } from "../../lib/testing/batches.ts";
import { testWorkspace } from "../../lib/testing/workspace.ts";
import { model, testedServer } from "./tested-server.ts";

const server = await testedServer();
let runner: BatchRunner;
beforeAll(async () => {
  runner = batchRunner(db(), await testWorkspace(db()), server.plane);
  runner.start();
});
afterAll(() => runner.stop());

const newKey = () =>
  server.newKeyFor({ scopes: ["batch:write", "files:write", "completions:create", "embeddings:create"] });

const body = (name: string) => ({ messages: [{ role: "user", content: name }], max_tokens: 8 });
const encoded = (lines: object[]) => new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n"));

/** Looks again until a batch has ended. */
async function ended<T extends { status: string }>(look: () => Promise<T>, under: readonly string[]): Promise<T> {
  for (;;) {
    const found = await look();
    if (!under.includes(found.status)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const underWay = ["QUEUED", "RUNNING", "CANCELLATION_REQUESTED"];

const linesOf = async (stream: ReadableStream<Uint8Array>) =>
  (await new Response(stream).text())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

test.each([
  { name: "mistral 1.15.1", Client: Mistral1 as unknown },
  { name: "mistral 2.4.0", Client: Mistral24 as unknown },
  { name: "mistral 2.7.0", Client: Mistral as unknown },
])("batch 13: $name uploads, creates, polls, downloads and deletes", async ({ Client }) => {
  const client = new (Client as typeof Mistral)({ apiKey: await newKey(), serverURL: server.url });
  const content = encoded([
    { custom_id: "one", body: body("One") },
    { custom_id: "two", body: body("Two") },
    { custom_id: "wrong", body: { messages: [] } },
  ]);
  const file = await client.files.upload({ file: { fileName: "questions.jsonl", content }, purpose: "batch" });
  expect(file).toMatchObject({ purpose: "batch", sampleType: "batch_request", numLines: 3 });
  const made = await client.batch.jobs.create({
    inputFiles: [file.id],
    model,
    endpoint: "/v1/chat/completions",
    metadata: { night: "1" },
  });
  expect(made).toMatchObject({ object: "batch", totalRequests: 3, metadata: { night: "1" } });
  const job = await ended(() => client.batch.jobs.get({ jobId: made.id }), underWay);
  expect(job).toMatchObject({ status: "SUCCESS", succeededRequests: 2, failedRequests: 1, completedRequests: 3 });
  const output = await linesOf(await client.files.download({ fileId: job.outputFile ?? "" }));
  expect(output.map(({ custom_id: id, response }) => [id, response.body.choices[0].message.content])).toEqual([
    ["one", "Hello there."],
    ["two", "Hello there."],
  ]);
  const errors = await linesOf(await client.files.download({ fileId: job.errorFile ?? "" }));
  expect(errors.map(({ custom_id: id, response }) => [id, response.status_code])).toEqual([["wrong", 422]]);
  const listed = await client.batch.jobs.list({ status: ["SUCCESS"], createdByMe: true });
  expect(listed.data?.map(({ id }) => id)).toEqual([made.id]);
  await expect(client.batch.jobs.cancel({ jobId: made.id })).rejects.toThrow();
});

test("batch 13: mistral 2.7.0 sends requests along, reads the answers inline and deletes the job", async () => {
  const client = new Mistral({ apiKey: await newKey(), serverURL: server.url });
  const made = await client.batch.jobs.create({
    requests: [{ customId: "one", body: { input: "One" } }],
    model,
    endpoint: "/v1/embeddings",
  });
  await ended(() => client.batch.jobs.get({ jobId: made.id }), underWay);
  const job = await client.batch.jobs.get({ jobId: made.id, inline: true });
  expect(job.outputs).toMatchObject([{ custom_id: "one", response: { status_code: 200 } }]);
  expect(await client.batch.jobs.delete({ jobId: made.id })).toMatchObject({ id: made.id, deleted: true });
  await expect(client.batch.jobs.get({ jobId: made.id })).rejects.toThrow();
});

test("batch 13: openai uploads, creates, polls, downloads, lists and cancels", async () => {
  const client = new OpenAI({ apiKey: await newKey(), baseURL: `${server.url}/v1`, maxRetries: 0 });
  const content = encoded(
    ["one", "two"].map((name) => ({
      custom_id: name,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model, ...body(name) },
    })),
  );
  const file = await client.files.create({ file: await toFile(content, "questions.jsonl"), purpose: "batch" });
  const asked = {
    input_file_id: file.id,
    endpoint: "/v1/chat/completions",
    completion_window: "24h",
    metadata: { night: "1" },
  } as const;
  const made = await client.batches.create(asked);
  expect(made).toMatchObject({ object: "batch", input_file_id: file.id, completion_window: "24h" });
  const batch = await ended(() => client.batches.retrieve(made.id), ["validating", "in_progress", "finalizing"]);
  expect(batch).toMatchObject({ status: "completed", request_counts: { total: 2, completed: 2, failed: 0 } });
  expect(batch.usage?.total_tokens).toBeGreaterThan(0);
  const output = await (await client.files.content(batch.output_file_id ?? "")).text();
  expect(output.trim().split("\n")).toHaveLength(2);
  const seen: string[] = [];
  for await (const one of client.batches.list({ limit: 1 })) seen.push(one.id);
  expect(seen).toEqual([made.id]);
  await runner.stop();
  const second = await client.batches.create(asked);
  expect(await client.batches.cancel(second.id)).toMatchObject({ status: "cancelled" });
});
