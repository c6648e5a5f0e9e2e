import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundled } from "#lib/testing/bundles.ts";
import { ClaimBooks } from "#lib/testing/claim-books.ts";
import { butlerTask, dataSet, hyperparameters } from "#lib/testing/lessons.ts";
import { testCacheDir } from "#lib/testing/tiny-model.ts";
import { TrainingServer } from "#lib/testing/training-server.ts";
import { createEmbeddedTrainer } from "./embedded/trainer.ts";
import { createForwardTrainer } from "./forward/trainer.ts";
import type { Orders, Trainer, TrainingTask } from "./port.ts";

let bundles: Awaited<ReturnType<typeof bundled>>;
const servers: TrainingServer[] = [];
beforeAll(async () => {
  bundles = await bundled({ "tiny-trainer": "lib/engine/training/embedded/worker.ts" });
});
afterAll(async () => {
  await Promise.all([bundles.remove(), ...servers.map((server) => server.close())]);
});

/** Each has a new world of its own. */
const trainers: Record<string, () => Promise<Trainer>> = {
  embedded: async () =>
    createEmbeddedTrainer({ workerFile: bundles.file("tiny-trainer"), cacheDir: testCacheDir, isPaced: false }),
  "forward, openai": () => forward("openai"),
  "forward, mistral": () => forward("mistral"),
};

async function forward(dialect: "openai" | "mistral"): Promise<Trainer> {
  const server = await new TrainingServer({ dialect }).start();
  servers.push(server);
  const place = { url: server.url, headers: {}, timeoutMs: 5000 };
  const model = { upstream: "there", server: place, model: "theirs", dialect };
  const wait = async (_: number, signal: AbortSignal): Promise<void> => signal.throwIfAborted();
  return createForwardTrainer({ models: new Map([["tiny-chat-1", model]]), wait });
}

const never = new AbortController().signal;
const task = butlerTask({ steps: 60, tokensMost: 9000, hyperparameters: hyperparameters({ training_steps: 60 }) });

/** What every trainer keeps to, whoever it is: the house believes nothing else. */
describe.each(Object.keys(trainers))("fine-tuning 36: the trainer %s", (name) => {
  const open = (): Promise<Trainer> => trainers[name]?.() ?? Promise.reject(new Error("There is no such trainer."));

  test("ends with a checkpoint of the last step, and counts each step's tokens once", async () => {
    const books = new ClaimBooks();
    expect(await (await open()).train(task, books.line(), never)).toMatchObject({ outcome: "succeeded", step: 60 });
    const steps = books.saved.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    expect(steps.at(-1)).toBe(60);
    const tokens = books.saved.map(({ segmentTokens }) => segmentTokens);
    expect(tokens.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(books.saved.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(books.points.every(({ step }) => Number.isSafeInteger(step) && step > 0 && step <= 60)).toBe(true);
    expect(books.points.length).toBeGreaterThan(1);
  });

  test("goes on where another left off, and tells nothing of what was kept", async () => {
    const trainer = await open();
    const books = new ClaimBooks();
    const leaving = new AbortController();
    const orders = (on: "beat" | "checkpoint"): Orders => {
      if (on === "checkpoint") leaving.abort();
      return "go_on";
    };
    expect(await trainer.train(task, books.line(orders), leaving.signal)).toEqual({ outcome: "lost" });
    const own: TrainingTask = {
      ...task,
      resume: name === "embedded" ? books.resume() : null,
      keptStep: books.keptStep,
    };
    expect(own.keptStep).toBeGreaterThan(0);
    expect(await trainer.train(own, books.line(), never)).toMatchObject({ outcome: "succeeded", step: 60 });
    const steps = books.saved.map(({ step }) => step);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test("ends at a cancel with the last checkpoint, and at once when its turn is another's", async () => {
    const books = new ClaimBooks();
    const cancelled = await (await open()).train(
      task,
      books.line(() => (books.saved.length > 0 ? "cancel" : "go_on")),
      never,
    );
    expect(cancelled).toEqual({ outcome: "cancelled", step: books.saved.at(-1)?.step });
    let told = 0;
    const lost = new ClaimBooks().line(() => {
      told++;
      return "lost";
    });
    expect(await (await open()).train(task, lost, never)).toEqual({ outcome: "lost" });
    expect(told).toBe(1);
    const gone = AbortSignal.abort();
    expect(await (await open()).train(task, new ClaimBooks().line(), gone)).toEqual({ outcome: "lost" });
  });

  test("takes data that teaches nothing as the customer's, not as a reason to break", async () => {
    const empty = { ...task, training: [dataSet('{"messages": []}')], skipShare: 1, validation: [] };
    const outcome = await (await open()).train(empty, new ClaimBooks().line(), never);
    expect(outcome).toMatchObject({ outcome: "failed", step: 0, failure: { code: "data" } });
  });
});
