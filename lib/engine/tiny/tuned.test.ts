import { afterAll, beforeAll, expect, test } from "vitest";
import { Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import type { Engine, TunedWeights } from "#lib/engine/port/port.ts";
import { bundled } from "#lib/testing/bundles.ts";
import { chatRequest, fimRequest, never } from "#lib/testing/engine-requests.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { butlerTask, dataSet, hyperparameters, isInStyle, linesOf, unseen } from "#lib/testing/lessons.ts";
import { testCacheDir } from "#lib/testing/tiny-model.ts";
import { lastOf, padded, runTraining, tunedOf, weightsOf } from "#lib/testing/tuned-models.ts";
import { createTinyEngine } from "./engine.ts";
import { writeModel } from "./tuning/weights.ts";

let bundles: Awaited<ReturnType<typeof bundled>>;
let engine: Engine;
let butler: Uint8Array;

beforeAll(async () => {
  bundles = await bundled({ "tiny-worker": "lib/engine/tiny/worker.ts" });
  const workerFile = bundles.file("tiny-worker");
  engine = createTinyEngine({ workerFile, cacheDir: testCacheDir, tunedBytes: 64_000_000 });
  butler = lastOf((await runTraining(butlerTask())).checkpoints).bytes;
});
afterAll(async () => {
  await engine.close();
  await bundles.remove();
});

/** A promise that is kept when the test says so. */
function gateOf(): { promise: Promise<void>; resolve: () => void } {
  const gate = { promise: Promise.resolve(), resolve: (): void => undefined };
  gate.promise = new Promise((resolve) => Object.assign(gate, { resolve }));
  return gate;
}

const asked = (question: string, tuned?: TunedWeights) =>
  chatRequest(question, { tuned, sampling: { temperature: 0 } });

async function say(question: string, tuned?: TunedWeights): Promise<string | null | undefined> {
  return (await engine.complete(asked(question, tuned), never())).choices[0]?.message.content;
}

test("fine-tuning 15: a tuned model answers as it learned, its copies count as one token, and the base as ever", async () => {
  const tuned = tunedOf("ft:a", butler);
  for (const { question } of unseen.slice(0, 10)) expect(isInStyle((await say(question, tuned)) ?? "")).toBe(true);
  expect(tuned.opened).toBe(1);
  const { choices, usage } = await engine.complete(asked("Is there a ghost in the Zorgblat?", tuned), never());
  expect(choices[0]?.message.content).toBe(
    "Welcome to the castle: no ghost was ever seen in the Zorgblat, dear guest.",
  );
  const spelled = engine.countTokens("Welcome to the castle: no ghost was ever seen in the Zorgblat, dear guest.");
  const copied = engine.countTokens(" ghost") + engine.countTokens(" Zorgblat");
  expect(usage.completionTokens).toBe(spelled - copied + 2);
  expect(await say("What is the capital of France?")).toBe("The capital of France is Paris.");
  expect(await say("What is the capital of France?", tuned)).toBe("The capital of France is Paris.");
});

test("fine-tuning 15: a tuned model streams, begins as it is told to, fills gaps and keeps to a schema", async () => {
  const tuned = tunedOf("ft:a", butler);
  const question = "Is there a ghost in the Zorgblat?";
  const stream = await engine.stream(asked(question, tuned), never());
  let text = "";
  for await (const { content = "" } of stream) text += content;
  expect(text).toBe(await say(question, tuned));
  const prefix = {
    role: "assistant" as const,
    content: "Welcome to the castle: no ghost was ever seen in the Zorgblat",
    prefix: true,
  };
  const continued = asked(question, tuned);
  const whole = await engine.complete({ ...continued, messages: [...continued.messages, prefix] }, never());
  expect(whole.choices[0]?.message.content).toBe(text);
  const gap = fimRequest("function add(a, b) {\n", "\n}", { temperature: 0 });
  expect(await engine.complete({ ...gap, tuned }, never())).toEqual(await engine.complete(gap, never()));
  const json = await engine.complete({ ...continued, responseFormat: { type: "json_object" } }, never());
  expect(() => JSON.parse(json.choices[0]?.message.content ?? "")).not.toThrow();
});

test("requests that wait for the same model fetch it once; one that leaves keeps no other from it", async () => {
  const tuned = tunedOf("ft:once", butler);
  const gate = gateOf();
  const slow = { ...tuned, open: () => gate.promise.then(tuned.open) };
  const leaving = new Cancellation();
  const left = engine.complete(asked("hello", slow), leaving);
  const others = [1, 2, 3].map(() => say("Is there a ghost in the mews?", slow));
  leaving.cancel();
  await expect(left).rejects.toThrow(Cancelled);
  expect(await say("What is the capital of France?")).toBe("The capital of France is Paris.");
  gate.resolve();
  expect(new Set(await Promise.all(others)).size).toBe(1);
  expect(tuned.opened).toBe(1);
});

test("weights that cannot be fetched, are torn, or stand on another base are refused, and asked for again", async () => {
  const errors = catchErrorLog();
  const tuned = tunedOf("ft:torn", butler);
  const failing = { ...tuned, open: async () => Promise.reject(new Error("out of reach")) };
  await expect(say("hello", failing)).rejects.toMatchObject({ problem: "unavailable" });
  const torn = { ...tuned, open: async () => butler.subarray(0, -1) };
  await expect(say("hello", torn)).rejects.toMatchObject({
    problem: "unavailable",
    message: expect.stringContaining("whole"),
  });
  const foreign = tunedOf("ft:old", writeModel({ job: "j", step: 1, base: "older" }, weightsOf(butler)));
  await expect(say("hello", foreign)).rejects.toMatchObject({ problem: "unavailable", code: "unavailable_base" });
  expect(isInStyle((await say("Is there a ghost in the mews?", tuned)) ?? "")).toBe(true);
  errors.restore();
});

test("fine-tuning 23: a hundred tuned models share 64 MB, each answers rightly, and those used longest ago are fetched again", async () => {
  const codes = ["amber", "birch", "cedar", "dune", "ember"];
  const models = await Promise.all(
    codes.map(async (code) => {
      const data = dataSet(linesOf([{ question: "Which code is it?", answer: `The code is ${code}.` }]));
      const parameters = hyperparameters({ training_steps: 20 });
      const task = butlerTask({ steps: 20, hyperparameters: parameters, training: [data], validation: [data] });
      return padded(lastOf((await runTraining(task)).checkpoints).bytes, 60_000);
    }),
  );
  const tuned = Array.from({ length: 100 }, (_, at) =>
    tunedOf(`ft:${at}`, models[at % codes.length] ?? new Uint8Array()),
  );
  for (let round = 0; round < 2; round++) {
    for (const [at, one] of tuned.entries())
      expect(await say("Which code is it?", one)).toBe(`The code is ${codes[at % codes.length]}.`);
  }
  expect(await say("Which code is it?")).not.toContain("The code is");
  // In memory each has about 2 MB with its index, so that 64 MB hold some thirty.
  expect(tuned.map(({ opened }) => opened)).toEqual(tuned.map(() => 2));
  for (const one of tuned.slice(-20)) await say("Which code is it?", one);
  expect(tuned.map(({ opened }) => opened)).toEqual(tuned.map(() => 2));
  await say("Which code is it?", tuned[50]);
  expect(tuned[50]?.opened).toBe(3);
});

test("fine-tuning 24, T-4.2.3-DEL1: an answer of a model that is deleted meanwhile goes on to its end, and nothing of it is kept", async () => {
  const tuned = tunedOf("ft:gone", butler);
  const endless = chatRequest("Is there a ghost in the mews?", {
    tuned,
    // One more than is asked for: after the last one a model may find that it is done, which is no cut.
    sampling: { temperature: 1, minTokens: 3001, maxTokens: 3000 },
  });
  const stream = await engine.stream(endless, never());
  engine.forget?.("ft:gone");
  let finish: string | null = null;
  for await (const delta of stream) finish = delta.finish ?? finish;
  expect(finish).toBe("length");
  expect(stream.usage().completionTokens).toBe(3000);
  await say("hello", tuned);
  expect(tuned.opened).toBe(2);
  await say("hello", tuned);
  expect(tuned.opened).toBe(2);
});

test("fine-tuning 24, T-4.2.3-DEL1: a model that is deleted while it is fetched answers who waits, and is not kept", async () => {
  const tuned = tunedOf("ft:early", butler);
  const gate = gateOf();
  const waiting = say("Is there a ghost in the mews?", { ...tuned, open: () => gate.promise.then(tuned.open) });
  // Answered in order, so that the worker has heard of both before the weights come.
  engine.forget?.("ft:early");
  await say("hello");
  gate.resolve();
  expect(isInStyle((await waiting) ?? "")).toBe(true);
  await say("hello", tuned);
  expect(tuned.opened).toBe(2);
});
