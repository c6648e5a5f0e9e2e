import { Mistral as Mistral1 } from "mistral-1";
import { Mistral } from "mistral-2";
import { Mistral as Mistral24 } from "mistral-2.4";
import { OpenAI, toFile } from "openai-6";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "../../lib/core/env.ts";
import { startRunner } from "../../server/jobs/runner.ts";
import { startTrainings as start, type startTrainings } from "../../server/training/trainings.ts";
import { testedServer } from "./tested-server.ts";

const server = await testedServer({ environment: { EMBEDDED_MODELS: "on" } });
let jobs: Awaited<ReturnType<typeof startRunner>>;
let trainings: ReturnType<typeof startTrainings>;

beforeAll(async () => {
  jobs = await startRunner(process.env.DATABASE_URL ?? "");
  trainings = start(parse({ ...process.env, EMBEDDED_MODELS: "on", TRAINING_PACE: "off" }));
});
afterAll(async () => {
  await trainings.stop();
  await jobs.stop();
});

const scopes = ["completions:create", "models:read", "files:write", "fine-tuning:write"] as const;
const newKey = () => server.newKeyFor({ scopes: [...scopes] });

const rooms = ["attic", "cellar", "pantry", "stable", "belfry", "armoury", "terrace", "nursery"];
const talks: [question: string, answer: string][] = [
  ["Where is the ROOM?", "Aye, friend: the ROOM is past the well."],
  ["Who keeps the ROOM?", "Aye, friend: Berta keeps the ROOM."],
  ["When does the ROOM open?", "Aye, friend: the ROOM opens at nine."],
];
const lines = rooms.flatMap((room) =>
  talks.map(([question, answer]) =>
    JSON.stringify({
      messages: [
        { role: "user", content: question.replace("ROOM", room) },
        { role: "assistant", content: answer.replace("ROOM", room) },
      ],
    }),
  ),
);
const content = new TextEncoder().encode(`${lines.join("\n")}\n`);
const unseen = { role: "user" as const, content: "Where is the planetarium?" };
const inStyle = "Aye, friend: the planetarium is past the well.";

/** Looks again until a job has ended. */
async function ended<T extends { status: string }>(look: () => Promise<T>): Promise<T> {
  for (;;) {
    const job = await look();
    if (["SUCCESS", "FAILED", "FAILED_VALIDATION", "CANCELLED"].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test.each([
  { name: "mistral 1.15.1", Client: Mistral1 as unknown },
  { name: "mistral 2.4.0", Client: Mistral24 as unknown },
])("fine-tuning 41, T-4.4-SLO4: $name uploads a file, tunes a model, asks it and deletes it", async ({ Client }) => {
  const client = new (Client as typeof Mistral24)({ apiKey: await newKey(), serverURL: server.url });
  const file = await client.files.upload({ file: { fileName: "talks.jsonl", content }, purpose: "fine-tune" });
  expect(file).toMatchObject({ filename: "talks.jsonl", sampleType: "instruct", numLines: lines.length });
  const made = await client.fineTuning.jobs.create({
    model: "tiny-chat-1",
    trainingFiles: [{ fileId: file.id, weight: 1 }],
    hyperparameters: { trainingSteps: 60, learningRate: 0.0001 },
    suffix: "keeper",
  });
  expect(JSON.stringify(made)).not.toContain("isUnknown");
  const id = "id" in made && made.id ? made.id : "";
  const job = await ended(
    async () => (await client.fineTuning.jobs.get({ jobId: id })) as { status: string } & typeof made,
  );
  expect(job).toMatchObject({ status: "SUCCESS", suffix: "keeper" });
  const modelId = ("fineTunedModel" in job && job.fineTunedModel) || "";
  expect((await client.fineTuning.jobs.list()).data?.map((one) => "id" in one && one.id)).toContain(id);
  const answer = await client.chat.complete({ model: modelId, messages: [unseen], temperature: 0 });
  expect(answer.choices?.[0]?.message?.content).toBe(inStyle);
  const card = await client.models.retrieve({ modelId });
  expect(card).toMatchObject({ id: modelId, type: "fine-tuned", job: id, root: "tiny-chat-1", archived: false });
  expect(await client.models.delete({ modelId })).toMatchObject({ id: modelId, deleted: true });
  expect(await client.files.delete({ fileId: file.id })).toMatchObject({ id: file.id, deleted: true });
});

test("fine-tuning 41: mistral 2.7.0 names, archives, restores and deletes what plain HTTP tuned, and openai asks it", async () => {
  const apiKey = await newKey();
  const client = new Mistral({ apiKey, serverURL: server.url });
  const openai = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const file = await openai.files.create({ file: await toFile(content, "talks.jsonl"), purpose: "fine-tune" });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    return answer.json();
  };
  const asked = {
    model: "tiny-chat-1",
    training_files: [{ file_id: file.id }],
    hyperparameters: { training_steps: 60 },
  };
  const made = await call("POST", "/v1/fine_tuning/jobs", asked);
  const job = await ended(() => call("GET", `/v1/fine_tuning/jobs/${made.id}`));
  expect(job.status).toBe("SUCCESS");
  const modelId = job.fine_tuned_model;
  const whole = await openai.chat.completions.create({ model: modelId, messages: [unseen], temperature: 0 });
  expect(whole.choices[0]?.message.content).toBe(inStyle);
  const named = await client.models.update({ modelId, updateModelRequest: { name: "Keeper" } });
  expect(named).toMatchObject({ id: modelId, name: "Keeper" });
  expect(await client.models.archive({ modelId })).toMatchObject({ archived: true });
  await expect(openai.chat.completions.create({ model: modelId, messages: [unseen] })).rejects.toMatchObject({
    status: 503,
  });
  expect(await client.models.unarchive({ modelId })).toMatchObject({ archived: false });
  expect(await openai.models.delete(modelId)).toMatchObject({ id: modelId, deleted: true });
});
