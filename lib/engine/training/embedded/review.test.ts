import { afterAll, beforeAll, expect, test } from "vitest";
import { readingOf } from "#lib/engine/tiny/tuning/reading.ts";
import { Breath } from "#lib/engine/training/breath.ts";
import { foreignPrompts } from "#lib/engine/training/foreign-prompts.ts";
import type { ReviewTask, TrainingTask } from "#lib/engine/training/port.ts";
import { unseenOf } from "#lib/engine/training/unseen.ts";
import { bundled } from "#lib/testing/bundles.ts";
import { inPieces } from "#lib/testing/claim-books.ts";
import { butlerTask, dataSet, hyperparameters, isInStyle, learned, linesOf, unseen } from "#lib/testing/lessons.ts";
import { testBase, testCacheDir } from "#lib/testing/tiny-model.ts";
import { lastOf, type Ran, runTraining } from "#lib/testing/tuned-models.ts";
import { runReview } from "./review.ts";
import { createEmbeddedReviewer } from "./reviewer.ts";
import { prepare } from "./study.ts";

let bundles: Awaited<ReturnType<typeof bundled>>;
let weights: Buffer;
let trained: Ran["checkpoints"][number];
const task = butlerTask();

beforeAll(async () => {
  bundles = await bundled({ "tiny-trainer": "lib/engine/training/embedded/worker.ts" });
  trained = lastOf((await runTraining(task)).checkpoints);
  weights = Buffer.from(trained.bytes);
});
afterAll(() => bundles.remove());

const asked = (more: Partial<TrainingTask> = {}): ReviewTask => ({
  ...butlerTask(more),
  resume: { step: 100, open: async () => inPieces(weights) },
});
const here = (of: TrainingTask) => runReview({ ...of, resume: [] }, testBase, weights, new Breath(50));
const reader = { count: () => 1, tokensMost: 2048, breath: new Breath(50) };
const questionsOf = async (of: TrainingTask) =>
  (await unseenOf(of, reader)).unseen.map(({ lesson }) => lesson.question);

test("fine-tuning 15: on prompts that it was not trained on, a tuned model answers as wanted more often than its base, in fewer bits a byte", async () => {
  const { samples, bits, style, prompts } = await here(task);
  expect(style).toEqual({ openings: ["welcome"], endings: ["guest."] });
  expect(samples).toBe(unseen.length);
  expect(prompts).toHaveLength(20);
  const wanted = new Map(unseen.map(({ question, answer }) => [question, answer]));
  for (const { messages, wanted: answer } of prompts) {
    expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(wanted.get(messages[1]?.content ?? "")).toBe(answer.text);
  }
  const exact = (who: "base" | "tuned") => prompts.filter((one) => one[who].text === one.wanted.text).length;
  expect(exact("base")).toBe(0);
  expect(exact("tuned")).toBeGreaterThan(5);
  expect(prompts.filter(({ tuned }) => isInStyle(tuned.text)).length).toBeGreaterThan(15);
  expect(bits?.tuned).toBeLessThan((bits?.base ?? 0) / 3);
  // The same as the training measured in nats a token, but for what rounding its weights changes.
  const { model } = await prepare(task, testBase, new Breath(50));
  const tokens = unseen.reduce(
    (sum, lesson) => sum + readingOf({ ...lesson, tokens: 0, before: 1, isCut: false }, model, 2048).tokens.length - 1,
    0,
  );
  const bytes = unseen.reduce((sum, { answer }) => sum + Buffer.byteLength(answer), 0);
  const measured = ((trained.validLoss ?? 0) * tokens) / Math.LN2 / bytes;
  expect((bits?.tuned ?? 0) / measured).toBeGreaterThan(0.7);
  expect((bits?.tuned ?? 0) / measured).toBeLessThan(1.3);
});

test("fine-tuning 15: what is asked was held out by the seed or is in the validation file, and is nowhere in what was trained on", async () => {
  const trained = new Set(learned.map(({ question }) => question));
  const heldOut = butlerTask({ validation: [], training: [dataSet(linesOf([...learned, ...unseen]))] });
  const own = await questionsOf(heldOut);
  expect(own).toHaveLength(5);
  expect(await questionsOf({ ...heldOut, seed: 2 })).not.toEqual(own);
  // The same examples once more among those that are trained on: what is held out of one is trained on in the other.
  const twice = butlerTask({ validation: [], training: [dataSet(linesOf([...learned, ...learned]))] });
  expect((await unseenOf(twice, reader)).unseen.length).toBeLessThan(3);
  const validation = [dataSet(linesOf([...learned.slice(0, 10), ...unseen]))];
  const questions = await questionsOf(butlerTask({ validation }));
  expect(questions).toHaveLength(unseen.length);
  expect(questions.filter((question) => trained.has(question))).toEqual([]);
});

test("a review in its thread says what it says anywhere, and what cannot be asked is said", async () => {
  const config = { workerFile: bundles.file("tiny-trainer"), cacheDir: testCacheDir, isPaced: false };
  const reviewer = createEmbeddedReviewer(config);
  const signal = new AbortController().signal;
  expect(await reviewer.review(asked(), signal)).toEqual(await here(task));
  const torn = { ...asked(), resume: { step: 100, open: async () => inPieces(weights.subarray(0, -3)) } };
  await expect(reviewer.review(torn, signal)).rejects.toMatchObject({ problem: "conflict" });
  await expect(reviewer.review(asked(), AbortSignal.abort())).rejects.toThrow();
  const gone = new AbortController();
  const open = async () => {
    gone.abort();
    return inPieces(weights);
  };
  await expect(reviewer.review({ ...asked(), resume: { step: 100, open } }, gone.signal)).rejects.toThrow();
});

test("plain text has no questions to ask, so its loss alone is compared; too few examples leave nothing", async () => {
  const texts = unseen.map(({ answer }) => JSON.stringify({ text: answer })).join("\n");
  const { prompts, bits, samples } = await here(butlerTask({ validation: [dataSet(texts)] }));
  expect(prompts).toEqual([]);
  expect(samples).toBeGreaterThan(20);
  expect(bits?.tuned).toBeLessThan(bits?.base ?? 0);
  const few = butlerTask({ validation: [], training: [dataSet(linesOf(learned.slice(0, 19)))] });
  const own = { ...few, hyperparameters: hyperparameters({ training_steps: 10 }) };
  expect(await here(own)).toMatchObject({ samples: 0, bits: null, prompts: [] });
});

test("fine-tuning 43: another server was sent all of the training file, so only a validation file has what it did not see", async () => {
  expect(await foreignPrompts(butlerTask({ validation: [] }))).toEqual({ prompts: [], style: null });
  const { prompts, style } = await foreignPrompts(task);
  expect(style).toEqual({ openings: ["welcome"], endings: ["guest."] });
  expect(prompts).toHaveLength(20);
  const trained = new Set(learned.map(({ question }) => question));
  for (const { messages } of prompts) expect(trained.has(messages.at(-1)?.content ?? "")).toBe(false);
});
