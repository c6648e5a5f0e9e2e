import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cancellation, Cancelled } from "#lib/engine/port/cancellation.ts";
import type { Delta, Engine } from "#lib/engine/port/port.ts";
import { bounds, chatRequest, never } from "#lib/testing/engine-requests.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testCacheDir } from "#lib/testing/tiny-model.ts";
import { createTinyEngine } from "./engine.ts";

let folder = "";
let engine: Engine;

beforeAll(async () => {
  // Inside the project, where the bundle finds its packages as it does in production.
  await mkdir(".data", { recursive: true });
  folder = await mkdtemp(path.resolve(".data/tiny-"));
  const workerFile = path.join(folder, "tiny-worker.mjs");
  await esbuild.build({
    entryPoints: ["lib/engine/tiny/worker.ts"],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: workerFile,
    logLevel: "error",
  });
  await esbuild.stop();
  engine = createTinyEngine({ workerFile, cacheDir: testCacheDir, tunedBytes: 64_000_000 });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const endless = chatRequest("Tell me a story", {
  n: 8,
  sampling: { temperature: 1, minTokens: 8000, maxTokens: 8000 },
});

describe("the engine", () => {
  test("answers, and counts tokens as the main side does", async () => {
    const { choices, usage } = await engine.complete(
      chatRequest("What is the capital of France?", { sampling: { temperature: 0 } }),
      never(),
    );
    expect(choices[0]).toEqual({
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: "The capital of France is Paris.", tool_calls: null, prefix: false },
    });
    expect(usage.completionTokens).toBe(engine.countTokens("The capital of France is Paris."));
  });

  test("a stream has the same text, piece by piece, and exact usage", async () => {
    const request = chatRequest("List the days of the week", { sampling: { temperature: 0 } });
    const whole = await engine.complete(request, never());
    const stream = await engine.stream(request, never());
    const deltas: Delta[] = [];
    for await (const delta of stream) deltas.push(delta);
    expect(deltas.map(({ content = "" }) => content).join("")).toBe(whole.choices[0]?.message.content);
    expect(deltas.length).toBeGreaterThan(5);
    expect(deltas.filter(({ finish }) => finish)).toEqual([{ index: 0, finish: "stop" }]);
    expect(stream.usage()).toEqual(whole.usage);
  });

  test("embeddings have length one, and like texts are alike", async () => {
    const { vectors, promptTokens } = await engine.embed(
      { model: "tiny-embed-1", inputs: ["spend limits", "a spend limit", "the weather in Oslo", ""], bounds },
      never(),
    );
    const [a = [], b = [], c = []] = vectors;
    const dot = (x: number[], y: number[]): number => x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
    for (const vector of vectors) {
      expect(vector).toHaveLength(256);
      expect(dot(vector, vector)).toBeCloseTo(1);
    }
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.3);
    expect(promptTokens).toBe(
      engine.countTokens("spend limits") +
        engine.countTokens("a spend limit") +
        engine.countTokens("the weather in Oslo"),
    );
    const small = await engine.embed(
      { model: "tiny-embed-1", inputs: ["spend limits"], dimensions: 64, bounds },
      never(),
    );
    expect(small.vectors[0]).toHaveLength(64);
    await expect(
      engine.embed({ model: "tiny-embed-1", inputs: ["a"], dimensions: 512, bounds }, never()),
    ).rejects.toMatchObject({ problem: "invalid" });
  });

  test("what the model refuses is refused before a stream begins", async () => {
    const tooLong = chatRequest("word ".repeat(9000));
    await expect(engine.stream(tooLong, never())).rejects.toMatchObject({
      problem: "invalid",
      code: "context_length_exceeded",
    });
  });

  test("an abort ends a stream, and others are answered while long ones run", async () => {
    const leaving = new Cancellation();
    const stream = await engine.stream(endless, leaving);
    const { choices } = await engine.complete(chatRequest("hello", { sampling: { temperature: 0 } }), never());
    expect(choices[0]?.message.content).toBe("Hello! How can I help you?");
    const reading = (async () => {
      for await (const _ of stream) leaving.cancel();
    })();
    await expect(reading).rejects.toThrow(Cancelled);
    expect(stream.usage().completionTokens).toBeLessThan(8 * 8000);
    await expect(engine.complete(endless, leaving)).rejects.toThrow(Cancelled);
  });

  test("a reader who leaves early stops the work", async () => {
    const stream = await engine.stream(endless, never());
    for await (const _ of stream) break;
    const produced = stream.usage().completionTokens;
    await engine.complete(chatRequest("hello"), never());
    expect(stream.usage().completionTokens).toBe(produced);
  });
});

describe("a lost worker", () => {
  test("fails its requests, and the next request gets a new one", async () => {
    const errors = catchErrorLog();
    const workerFile = path.join(folder, "fragile.mjs");
    await writeFile(
      workerFile,
      `import { parentPort } from "node:worker_threads";
       const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 };
       parentPort.on("message", ({ id, request }) => {
         if (request.messages[0].content === "crash") throw new Error("out of order");
         if (request.messages[0].content === "wait") return;
         parentPort.postMessage([{ type: "done", id, usage }]);
       });`,
    );
    const fragile = createTinyEngine({ workerFile, cacheDir: folder, tunedBytes: 1_000_000 });
    const waiting = fragile.stream(chatRequest("wait"), never());
    const crashed = fragile.complete(chatRequest("crash"), never());
    await expect(crashed).rejects.toMatchObject({ problem: "unavailable" });
    await expect(waiting).rejects.toMatchObject({ problem: "unavailable" });
    expect((await fragile.complete(chatRequest("hello"), never())).usage.completionTokens).toBe(1);
    const left = fragile.complete(chatRequest("wait"), never());
    await Promise.all([fragile.close(), expect(left).rejects.toMatchObject({ problem: "unavailable" })]);
    await expect(fragile.complete(chatRequest("hello"), never())).rejects.toMatchObject({ problem: "unavailable" });
    errors.restore();
  });
});
