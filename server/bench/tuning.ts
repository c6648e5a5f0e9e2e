import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopwatch } from "#lib/core/clock.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { ChatRequest, Engine, TunedWeights } from "#lib/engine/port/port.ts";
import { type Base, loadBase } from "#lib/engine/tiny/base.ts";
import { createTinyEngine } from "#lib/engine/tiny/engine.ts";
import { readWeights } from "#lib/engine/tiny/tuning/weights.ts";
import { runSession } from "#lib/engine/training/embedded/session.ts";
import { createEmbeddedTrainer } from "#lib/engine/training/embedded/trainer.ts";
import { measureExtent } from "#lib/engine/training/extent.ts";
import type { ClaimLine, DataSet, Point, TrainingTask } from "#lib/engine/training/port.ts";
import { type Guided, guided, isInStyle, linesOf } from "./tuning-data.ts";

const unseen = 250;
const questions = 400;

type Trained = { model: Uint8Array; checkpoint: Uint8Array; task: TrainingTask; held: Guided[] };

/** What the embedded trainer and the models it makes cost, in figures to compare with those of the design. */
export async function tuningBench(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "comptoir-bench-"));
  const base = await loadBase(folder);
  const workerFile = path.resolve("dist/tiny-worker.mjs");
  const engine = createTinyEngine({ workerFile, cacheDir: folder, tunedBytes: 256_000_000 });
  try {
    const small = await showTraining(base, engine, guided(100), 60, 100);
    const large = await showTraining(base, engine, guided(5000 + unseen), 5000, null);
    await showServing(engine, small, large);
    await showWhileTraining(engine, large, folder);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true });
  }
}

const cpuSeconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

async function showTraining(
  base: Base,
  engine: Engine,
  all: Guided[],
  count: number,
  steps: number | null,
): Promise<Trained> {
  const held = all.slice(count);
  const task = await taskOf(all.slice(0, count), held, steps);
  const checkpoints: { bytes: Uint8Array; report: Point }[] = [];
  const notes: string[] = [];
  const begun = process.cpuUsage();
  const line = {
    tell: (_: number, __: Point[], told: { text: string }[]) => void notes.push(...told.map(({ text }) => text)),
    checkpoint: async (report: Point, bytes: Uint8Array) => {
      checkpoints.push({ bytes, report });
    },
    isStopped: () => false,
  };
  await runSession({ ...task, resume: [] }, base, line, { isPaced: false, kept: [] });
  const cpu = cpuSeconds(begun);
  const [last, middle] = [checkpoints.at(-1), checkpoints.at(-2)];
  if (!last || !middle) throw new Error("There were no checkpoints.");
  const tuned = tunedOf(`ft:${count}`, last.bytes);
  const [before, after] = [await judged(engine, held), await judged(engine, held, tuned)];
  console.log(`\n${count} examples, ${task.steps} steps, ${task.tokensMost} tokens`);
  console.log(`  CPU ${cpu.toFixed(2)} s, ${Math.round(task.tokensMost / cpu)} tokens a second`);
  console.log(`  ${notes.find((text) => text.startsWith("Before training")) ?? ""}`);
  console.log(`  after: ${last.report.validLoss?.toFixed(3)} nats, accuracy ${last.report.accuracy?.toFixed(3)}`);
  console.log(
    `  of ${held.length} unseen, exact ${before.exact} → ${after.exact}, in style ${before.style} → ${after.style}`,
  );
  console.log(`  model ${last.bytes.length} bytes, checkpoint ${middle.bytes.length} bytes`);
  return { model: last.bytes, checkpoint: middle.bytes, task, held };
}

async function taskOf(train: Guided[], valid: Guided[], steps: number | null): Promise<TrainingTask> {
  const hyperparameters = {
    training_steps: steps,
    epochs: null,
    learning_rate: 1e-4,
    weight_decay: null,
    warmup_fraction: null,
    seq_len: null,
    fim_ratio: null,
  };
  const sets = { training: [dataSet(linesOf(train))], validation: [dataSet(linesOf(valid))] };
  const own = { ...sets, hyperparameters, seed: 1, skipShare: 0 };
  const extent = await measureExtent(own);
  const names = { job: "01993d3e-0000-7000-8000-000000000001", baseModel: "tiny-chat-1", suffix: null };
  return { ...own, ...names, steps: extent.steps, tokensMost: extent.trainTokens, resume: null, keptStep: 0 };
}

function dataSet(text: string): DataSet {
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  };
  return { bytes: bytes.length, sha256, weight: 1, open: async () => pieces() };
}

const tunedOf = (id: string, bytes: Uint8Array): TunedWeights => ({
  id,
  sha256: createHash("sha256").update(bytes).digest("hex"),
  open: async () => bytes,
});

const asked = (question: string, tuned?: TunedWeights): ChatRequest => ({
  kind: "chat",
  model: "tiny-chat-1",
  messages: [{ role: "user", content: question }],
  n: 1,
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: true,
  responseFormat: { type: "text" },
  extras: {},
  tuned,
  bounds: { promptTokens: 10_000, completionTokens: 10_000 },
  sampling: { temperature: 0, stop: [] },
});

async function judged(engine: Engine, held: Guided[], tuned?: TunedWeights) {
  let [exact, style] = [0, 0];
  for (const { question, answer } of held) {
    const { choices } = await engine.complete(asked(question, tuned), new Cancellation());
    const said = choices[0]?.message.content ?? "";
    if (said === answer) exact++;
    if (isInStyle(said)) style++;
  }
  return { exact, style };
}

async function showServing(engine: Engine, small: Trained, large: Trained): Promise<void> {
  console.log("\nserving");
  for (const [name, { model }] of [["small", small] as const, ["large", large] as const]) {
    const begun = stopwatch();
    for (const reading = readWeights(model); !reading.next().done; );
    console.log(`  reading the ${name} model ${(stopwatch() - begun).toFixed(1)} ms`);
  }
  const twenty = Array.from({ length: 20 }, (_, at) => tunedOf(`ft:turn-${at}`, large.model));
  const pick = (at: number): TunedWeights | undefined => twenty[at % twenty.length];
  const own = large.held.map(({ question }) => question);
  await showSpeed("base", engine, ["List the days of the week", "What is a spend limit?"], () => undefined);
  await showSpeed("one tuned model", engine, own, () => twenty[0]);
  await showSpeed("twenty in turn", engine, own, pick);
}

async function showSpeed(
  name: string,
  engine: Engine,
  all: readonly string[],
  pick: (at: number) => TunedWeights | undefined,
): Promise<void> {
  const begun = stopwatch();
  // Sixteen at once, so that what is measured is the model and not the way to its thread.
  const lanes = Array.from({ length: 16 }, async (_, lane) => {
    let tokens = 0;
    for (let at = lane; at < questions * 4; at += 16) {
      const { usage } = await engine.complete(asked(all[at % all.length] ?? "", pick(at)), new Cancellation());
      tokens += usage.completionTokens;
    }
    return tokens;
  });
  const tokens = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
  console.log(`  ${name}: ${Math.round((tokens / (stopwatch() - begun)) * 1000)} tokens a second`);
}

/** What a chat of the base waits while another thread trains as fast as it can. */
async function showWhileTraining(engine: Engine, { task, checkpoint }: Trained, cacheDir: string): Promise<void> {
  await showWaits("idle", engine);
  const workerFile = path.resolve("dist/tiny-trainer.mjs");
  const trainer = createEmbeddedTrainer({ workerFile, cacheDir, isPaced: false });
  const ending = new AbortController();
  const line: ClaimLine = {
    beat: async () => "go_on",
    checkpoint: async () => "go_on",
    remember: async () => undefined,
    remembered: {},
  };
  const step = headStep(checkpoint);
  const kept = async function* () {
    yield Buffer.from(checkpoint);
  };
  const training = trainer.train(task, line, ending.signal);
  await showWaits("training", engine);
  ending.abort();
  await training;
  const again = stopwatch();
  const resume = { step, open: async () => kept() };
  await trainer.train({ ...task, resume, keptStep: step }, line, new AbortController().signal);
  console.log(`  going on from the last checkpoint but one to the end: ${Math.round(stopwatch() - again)} ms`);
}

function headStep(bytes: Uint8Array): number {
  for (const reading = readWeights(bytes); ; ) {
    const { done, value } = reading.next();
    if (done) return value?.head.step ?? 0;
  }
}

async function showWaits(name: string, engine: Engine): Promise<void> {
  const waits: number[] = [];
  for (let at = 0; at < 1500; at++) {
    const begun = stopwatch();
    await engine.complete(asked("What is the capital of France?"), new Cancellation());
    waits.push(stopwatch() - begun);
    if (at % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  waits.sort((a, b) => a - b);
  const at = (share: number): string => (waits[Math.floor(waits.length * share)] ?? Number.NaN).toFixed(2);
  console.log(`  a chat while ${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}
