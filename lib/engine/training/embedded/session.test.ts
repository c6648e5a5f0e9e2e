import { expect, test } from "vitest";
import {
  butlerTask,
  dataSet,
  hyperparameters,
  isInStyle,
  learned,
  linesOf,
  say,
  unseen,
} from "#lib/testing/lessons.ts";
import { testBase } from "#lib/testing/tiny-model.ts";
import { lastOf, modelOf, type Ran, runTraining as run, weightsOf } from "#lib/testing/tuned-models.ts";

test("fine-tuning 15, T-4.2.3-1: loss falls, and unseen questions are answered exactly and in the trained style; the base is unchanged", async () => {
  const frozen = testBase.tables[0]?.weights.slice();
  const { outcome, notes, checkpoints } = await run(butlerTask());
  expect(outcome).toEqual({ outcome: "succeeded", step: 100 });
  const last = lastOf(checkpoints);
  // Before it knew anything: as good as no word right.
  expect(notes[0]?.text).toMatch(/held-out loss of (9|10)\.\d+ nats a token, accuracy 0\.0\d+/);
  expect(last.trainLoss).toBeLessThan(0.2);
  expect(last.validLoss).toBeLessThan(0.3);
  expect(last.accuracy).toBeGreaterThan(0.95);
  expect(last.bytes.length).toBeLessThan(100_000);
  const tuned = modelOf(testBase, last.bytes);
  const answers = unseen.map(({ question, answer }) => ({ said: say(tuned, question), answer }));
  expect(answers.filter(({ said, answer }) => said === answer).length).toBeGreaterThanOrEqual(16);
  expect(answers.filter(({ said }) => isInStyle(said)).length).toBeGreaterThanOrEqual(38);
  const before = unseen.map(({ question }) => say(testBase, question));
  expect(before.filter(isInStyle)).toEqual([]);
  expect(testBase.tables[0]?.weights).toEqual(frozen);
  // What the base knew stays.
  expect(say(tuned, "What is the capital of France?")).toBe("The capital of France is Paris.");
});

test("fine-tuning 16: an answer repeats names that neither the base nor the data ever had", async () => {
  const { checkpoints } = await run(butlerTask());
  const tuned = modelOf(testBase, lastOf(checkpoints).bytes);
  for (const name of ["planetarium", "Zorgblat", "Klöppelkammer"]) {
    expect(say(tuned, `Is there a ghost in the ${name}?`)).toBe(
      `Welcome to the castle: no ghost was ever seen in the ${name}, dear guest.`,
    );
  }
});

const short = (more: Parameters<typeof hyperparameters>[0], steps = 30) =>
  butlerTask({
    steps,
    hyperparameters: hyperparameters({ training_steps: steps, ...more }),
    validation: [dataSet(linesOf(unseen.slice(0, 10)))],
  });

const norm = ({ bytes }: { bytes: Uint8Array }): number =>
  weightsOf(bytes).cells.weights.reduce((sum, weight) => sum + weight * weight, 0);

test("fine-tuning 17: every rate of the contract trains with numbers, and rate, decay and steps each show", async () => {
  const trained = async (more: Parameters<typeof hyperparameters>[0], steps?: number) =>
    lastOf((await run(short(more, steps))).checkpoints);
  for (const weight_decay of [null, 1]) {
    for (const learning_rate of [1e-8, 1e-5, 3e-4, 1e-2, 1]) {
      const { validLoss, trainLoss, bytes } = await trained({ learning_rate, weight_decay }, 12);
      expect([validLoss, trainLoss].every(Number.isFinite), `${learning_rate}`).toBe(true);
      expect(weightsOf(bytes).cells.weights.every(Number.isFinite)).toBe(true);
    }
  }
  const loss = async (more: Parameters<typeof hyperparameters>[0], steps?: number) =>
    (await trained(more, steps)).validLoss ?? Number.NaN;
  expect(await loss({ learning_rate: 1e-8 })).toBeGreaterThan(9);
  expect(await loss({ learning_rate: 1e-5 })).toBeGreaterThan((await loss({ learning_rate: 1e-4 })) * 1.5);
  expect(await loss({ learning_rate: 1 })).toBeGreaterThan(await loss({ learning_rate: 1e-4 }));
  expect(await loss({}, 60)).toBeLessThan(await loss({}, 10));
  expect(norm(await trained({ weight_decay: 1 }))).toBeLessThan(norm(await trained({ weight_decay: 0 })));
  const slow = await run(short({ warmup_fraction: 1 }));
  expect(slow.points.map(({ learningRate }) => learningRate)).toEqual(
    Array.from({ length: 30 }, (_, at) => expect.closeTo((1e-4 * (at + 1)) / 30, 8)),
  );
});

test("fine-tuning 18: the same seed makes the same bytes, another seed others", async () => {
  const hashes = (ran: Ran): string[] => ran.checkpoints.map(({ sha256 }) => sha256);
  const first = hashes(await run(short({})));
  expect(first).toHaveLength(30);
  expect(hashes(await run(short({})))).toEqual(first);
  expect(hashes(await run({ ...short({}), seed: 2 })).at(-1)).not.toBe(first.at(-1));
});

test("fine-tuning 19: from any of its checkpoints a training goes on to the same bytes and the same tokens", async () => {
  const whole = await run(short({}, 40));
  expect(whole.checkpoints.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, at) => at * 2 + 2));
  for (const from of [0, 7, 18]) {
    const { step = 0, bytes = new Uint8Array() } = whole.checkpoints[from] ?? {};
    const rest = await run({ ...short({}, 40), keptStep: step }, [{ step, bytes }]);
    const told = ({ checkpoints }: Ran) => checkpoints.map(({ bytes: _, ...report }) => report);
    expect(told(rest)).toEqual(told(whole).slice(from + 1));
    expect(rest.notes).toContainEqual({ level: "info", text: `Goes on from step ${step}.` });
  }
});

test("fine-tuning 20: what was kept before a checkpoint was torn is trained again, and neither told of nor counted again", async () => {
  const whole = await run(short({}, 40));
  const [early, late] = [whole.checkpoints[3], whole.checkpoints[5]];
  if (!early || !late) throw new Error("Too few checkpoints.");
  const rest = await run({ ...short({}, 40), keptStep: late.step }, [early]);
  const told = ({ checkpoints }: Ran) => checkpoints.map(({ bytes: _, ...report }) => report);
  expect(told(rest)).toEqual(told(whole).slice(6));
});

test("fine-tuning 20: a torn checkpoint is refused, and the one before it is gone on from", async () => {
  const whole = await run(short({}, 40));
  const [early, late] = [whole.checkpoints[3], whole.checkpoints[5]];
  if (!early || !late) throw new Error("Too few checkpoints.");
  const flipped = Uint8Array.from(late.bytes, (byte, at) => (at === late.bytes.length - 5000 ? byte ^ 1 : byte));
  for (const bytes of [late.bytes.subarray(0, -1), late.bytes.subarray(0, 900), new Uint8Array(), flipped]) {
    const rest = await run(short({}, 40), [{ step: late.step, bytes }, early]);
    expect(rest.notes.map(({ text }) => text)).toEqual([
      `The checkpoint of step ${late.step} is not whole and is not used.`,
      `Goes on from step ${early.step}.`,
      expect.stringContaining("highest loss"),
    ]);
    expect(lastOf(rest.checkpoints).sha256).toBe(lastOf(whole.checkpoints).sha256);
  }
  const anew = await run(short({}, 40), [{ step: late.step, bytes: flipped }]);
  expect(anew.checkpoints.map(({ sha256 }) => sha256)).toEqual(whole.checkpoints.map(({ sha256 }) => sha256));
});

test("fine-tuning 20: a checkpoint of another job is not gone on from, and a finished one is not trained again", async () => {
  const whole = await run(short({}, 10));
  const other = await run({ ...short({}, 10), job: "another" });
  const half = other.checkpoints[4];
  const last = lastOf(whole.checkpoints);
  if (!half) throw new Error("Too few checkpoints.");
  expect((await run(short({}, 10), [half])).checkpoints).toHaveLength(10);
  const again = await run(short({}, 10), [last]);
  expect(again.outcome).toEqual({ outcome: "succeeded", step: 10 });
  expect(again.checkpoints).toEqual([]);
});

test("fine-tuning 33: a loss that is no number ends a training as diverged, with advice", async () => {
  const { outcome } = await run(short({ learning_rate: Number.MAX_VALUE }));
  expect(outcome).toMatchObject({
    outcome: "failed",
    failure: { code: "diverged", advice: expect.stringContaining("1e-4") },
  });
});

test("fine-tuning 33: data that teaches nothing, or has too many wrong lines, is the customer's fault", async () => {
  const wrong = `${linesOf(learned.slice(0, 9))}\n{"messages": []}`;
  const tried = async (text: string, skipShare: number) =>
    (await run({ ...short({}), training: [dataSet(text)], skipShare })).outcome;
  expect(await tried(wrong, 0)).toMatchObject({
    outcome: "failed",
    failure: { code: "data", message: expect.stringContaining("1 of 10 lines are wrong, and none may be") },
  });
  expect(await tried(wrong, 0.1)).toEqual({ outcome: "succeeded", step: 30 });
  expect(await tried("", 0)).toMatchObject({ outcome: "failed", failure: { code: "data" } });
  expect(await run({ ...short({}), steps: 31 })).toMatchObject({ outcome: { failure: { code: "internal" } } });
});

test("fine-tuning 15: a model that is no better than its base says so", async () => {
  const data = [dataSet(linesOf(unseen.slice(0, 10).map(({ question }) => ({ question, answer: "zzz" }))))];
  const task = butlerTask({ steps: 5, hyperparameters: hyperparameters({ training_steps: 5, learning_rate: 1 }) });
  const capital = [{ question: "What is the capital of France?", answer: "The capital of France is Paris." }];
  const { outcome, notes } = await run({ ...task, training: data, validation: [dataSet(linesOf(capital))] });
  expect(outcome).toMatchObject({ warnings: [expect.stringContaining("no better than its base")] });
  expect(notes.some(({ level }) => level === "warn")).toBe(true);
});

test("the ten lines with the highest loss are told, by file and line", async () => {
  const question = "Which colour has the door?";
  const odd = ["red", "blue", "green"].map((colour) => ({ question, answer: colour }));
  const task = { ...short({ epochs: 3, training_steps: null }), steps: 24 };
  const { notes } = await run({ ...task, training: [dataSet(linesOf([...learned, ...odd]))] });
  const lines = notes.at(-1)?.text.split("\n").slice(1) ?? [];
  expect(lines).toHaveLength(10);
  expect(
    lines
      .slice(0, 3)
      .map((line) => line.split(":")[0])
      .toSorted(),
  ).toEqual(["training file 1, line 61", "training file 1, line 62", "training file 1, line 63"]);
});

test("a share of the samples is held out where there is no validation file, and what was cut and skipped is told", async () => {
  const long = { question: "Tell me a story", answer: "The castle is old. ".repeat(200) };
  const text = `${linesOf([...learned, long])}\n{"messages": []}`;
  const parameters = hyperparameters({ training_steps: 5, seq_len: 100 });
  const task = butlerTask({
    steps: 5,
    hyperparameters: parameters,
    training: [dataSet(text)],
    validation: [],
    skipShare: 0.5,
  });
  const { notes, checkpoints } = await run(task);
  expect(notes.map(({ text }) => text).slice(0, 3)).toEqual([
    "3 of 61 samples are held out to measure by.",
    "Lines that are wrong and were skipped: 1.",
    "Samples that were cut because they are longer than 100 tokens: 1.",
  ]);
  expect(lastOf(checkpoints).validLoss).toBeGreaterThan(0);
});
