import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "#lib/engine/tiny/random.ts";
import { measureExtent } from "#lib/engine/training/extent.ts";
import type { ClaimLine, Orders, Outcome, Trainer } from "#lib/engine/training/port.ts";
import { bundled } from "#lib/testing/bundles.ts";
import { ClaimBooks, inPieces, type SavedCheckpoint } from "#lib/testing/claim-books.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { butlerTask, dataSet, hyperparameters, learned, linesOf } from "#lib/testing/lessons.ts";
import { testCacheDir } from "#lib/testing/tiny-model.ts";
import { runTraining } from "#lib/testing/tuned-models.ts";
import { createEmbeddedTrainer } from "./trainer.ts";

let bundles: Awaited<ReturnType<typeof bundled>>;
let trainer: Trainer;
let paced: Trainer;

beforeAll(async () => {
  bundles = await bundled({ "tiny-trainer": "lib/engine/training/embedded/worker.ts" });
  const config = { workerFile: bundles.file("tiny-trainer"), cacheDir: testCacheDir };
  trainer = createEmbeddedTrainer({ ...config, isPaced: false });
  paced = createEmbeddedTrainer({ ...config, isPaced: true });
});
afterAll(() => bundles.remove());

const never = new AbortController().signal;
const task = butlerTask({ steps: 60, hyperparameters: hyperparameters({ training_steps: 60 }) });

test("fine-tuning 15: a training in its thread makes what it makes anywhere, and tells each step once", async () => {
  const books = new ClaimBooks();
  const outcome = await trainer.train(task, books.line(), never);
  expect(outcome).toEqual({ outcome: "succeeded", step: 60 });
  const hashes = books.saved.map(({ bytes }) => createHash("sha256").update(bytes).digest("hex"));
  expect(books.saved.map(({ sha256 }) => sha256)).toEqual(hashes);
  const here = await runTraining(task);
  expect(books.saved.map(({ sha256 }) => sha256)).toEqual(here.checkpoints.map(({ sha256 }) => sha256));
  expect(books.points).toEqual(here.points);
  expect(books.log.map(({ text }) => text).at(-1)).toContain("highest loss");
});

test("fine-tuning 18, 34: what is estimated before is what the steps take and what the checkpoints bill", async () => {
  const own = { ...task, validation: [], hyperparameters: hyperparameters({ epochs: 2.5 }) };
  const extent = await measureExtent(own);
  const books = new ClaimBooks();
  await trainer.train({ ...own, steps: extent.steps }, books.line(), never);
  const sum = (all: (number | null)[]): number => all.reduce<number>((total, one) => total + (one ?? 0), 0);
  expect(sum(books.saved.map(({ segmentTokens }) => segmentTokens))).toBe(extent.trainTokens);
  expect(sum(books.points.map(({ tokens }) => tokens))).toBe(extent.trainTokens);
});

test("fine-tuning 19: killed at twenty random moments, it ends with the same bytes, segments and tokens", async () => {
  const whole = new ClaimBooks();
  await trainer.train(task, whole.line(), never);
  const random = seeded(19);
  const books = new ClaimBooks();
  const data = dataSet(linesOf(learned));
  let outcome: Outcome = { outcome: "lost" };
  let kills = 0;
  for (let turns = 0; outcome.outcome === "lost"; turns++) {
    expect(turns).toBeLessThan(200);
    const kill = new AbortController();
    // Moments of the work, not of the clock: while it reads, before a report is kept, after it is.
    const moment = kills < 20 ? random() : 1;
    let left = 1 + Math.floor(random() * 2);
    const at = { reading: moment < 0.3, before: moment < 0.65, after: moment < 1 };
    const orders = (): Orders => {
      if (at.reading || !at.after || --left > 0) return "go_on";
      kill.abort();
      return at.before ? "lost" : "go_on";
    };
    const read = async function* (): AsyncGenerator<Buffer> {
      let piece = 0;
      for await (const bytes of await data.open()) {
        if (at.reading && ++piece === left * 4) kill.abort();
        yield bytes;
      }
    };
    const training = [{ ...data, open: async () => read() }];
    outcome = await trainer.train(
      { ...task, training, resume: books.resume(), keptStep: books.keptStep },
      books.line(orders),
      kill.signal,
    );
    if (kill.signal.aborted) kills++;
  }
  expect(kills).toBe(20);
  expect(outcome).toEqual({ outcome: "succeeded", step: 60 });
  const told = (all: SavedCheckpoint[]) =>
    all.map(({ step, sha256, segmentTokens }) => ({ step, sha256, segmentTokens }));
  expect(told(books.saved)).toEqual(told(whole.saved));
}, 60_000);

test("fine-tuning 20: a torn checkpoint falls back to the one before it", async () => {
  const whole = new ClaimBooks();
  await trainer.train(task, whole.line(), never);
  const [early, late] = [whole.saved[1], whole.saved[3]];
  if (!early || !late) throw new Error("Too few checkpoints.");
  const before = { step: early.step, open: async () => inPieces(early.bytes) };
  const resume = { step: late.step, open: async () => inPieces(late.bytes.subarray(0, -7)), before };
  const books = new ClaimBooks();
  await trainer.train({ ...task, resume }, books.line(), never);
  expect(books.saved.map(({ step }) => step)[0]).toBe(whole.saved[2]?.step);
  expect(books.saved.at(-1)?.sha256).toBe(whole.saved.at(-1)?.sha256);
});

test("fine-tuning 21: a trainer whose turn is another's is told so and changes nothing more", async () => {
  const books = new ClaimBooks();
  let told = 0;
  const orders = (): Orders => (++told === 3 ? "lost" : "go_on");
  expect(await trainer.train(task, books.line(orders), never)).toEqual({ outcome: "lost" });
  expect(told).toBe(3);
});

test("fine-tuning 22: a cancel is heard at the next beat, and what counts is the last checkpoint", async () => {
  const books = new ClaimBooks();
  // A hundred steps of a tenth of a second: it would take ten seconds.
  const long = butlerTask();
  const orders = (on: "beat" | "checkpoint"): Orders => (on === "beat" && books.saved.length > 0 ? "cancel" : "go_on");
  const outcome = await paced.train(long, books.line(orders), never);
  expect(outcome).toEqual({ outcome: "cancelled", step: books.saved.at(-1)?.step });
  expect(books.points.length).toBeLessThan(60);
});

test("stop here and keep: it ends with a finished model of the step it is at", async () => {
  const books = new ClaimBooks();
  const outcome = await paced.train(
    butlerTask(),
    books.line((on) => (on === "beat" ? "stop" : "go_on")),
    never,
  );
  const last = books.saved.at(-1);
  expect(outcome).toEqual({ outcome: "succeeded", step: last?.step });
  expect(last?.step).toBeLessThan(60);
  const again = new ClaimBooks();
  const resume = { step: last?.step ?? 0, open: async () => inPieces(last?.bytes ?? Buffer.alloc(0)) };
  expect(await trainer.train({ ...butlerTask(), resume }, again.line(), never)).toEqual(outcome);
  expect(again.saved).toEqual([]);
});

test("reports that fail are told again, and a thread that ends by itself or data that cannot be read is no outcome", async () => {
  const errors = catchErrorLog();
  const books = new ClaimBooks();
  const line = books.line();
  let failures = 2;
  const flaky: ClaimLine = {
    ...line,
    checkpoint: async (report) => {
      if (failures-- > 0) throw new Error("the database is away");
      return line.checkpoint(report);
    },
  };
  const quick = butlerTask({ steps: 3, hyperparameters: hyperparameters({ training_steps: 3 }) });
  expect(await trainer.train(quick, flaky, never)).toEqual({ outcome: "succeeded", step: 3 });
  expect(books.saved.map(({ step }) => step)).toEqual([1, 2, 3]);
  const broken = { ...dataSet(linesOf(learned)), open: async () => Promise.reject(new Error("the storage is away")) };
  await expect(trainer.train({ ...quick, training: [broken] }, line, never)).rejects.toThrow("could not be read");
  const none = createEmbeddedTrainer({ workerFile: "/nowhere.mjs", cacheDir: testCacheDir, isPaced: false });
  await expect(none.train(quick, line, never)).rejects.toThrow();
  errors.restore();
});
