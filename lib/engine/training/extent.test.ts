import { expect, test } from "vitest";
import { baseVocabulary } from "#lib/engine/tiny/base.ts";
import { encode } from "#lib/engine/tiny/tokenizer.ts";
import { dataSet, hyperparameters, learned, linesOf, unseen } from "#lib/testing/lessons.ts";
import { measureExtent } from "./extent.ts";

const vocabulary = baseVocabulary();
const tokensOf = ({ question, answer }: (typeof learned)[number]): number =>
  ["You are the butler of a castle.", question, answer].reduce(
    (sum, text) => sum + 1 + encode(vocabulary, text).length,
    0,
  );
const all = learned.reduce((sum, example) => sum + tokensOf(example), 0);
const task = {
  training: [dataSet(linesOf(learned))],
  validation: [dataSet(linesOf(unseen))],
  hyperparameters: hyperparameters(),
  seed: 1,
  skipShare: 0,
};

test("fine-tuning 34: what a training takes is counted exactly, before it begins", async () => {
  expect(await measureExtent(task)).toEqual({
    steps: 23,
    epochs: 3,
    samples: 60,
    dataTokens: all,
    trainTokens: 3 * all,
    skippedLines: 0,
    validationSamples: 40,
    isHeldOut: false,
  });
});

test("without a validation file a share is held out, and is neither trained on nor billed", async () => {
  const extent = await measureExtent({ ...task, validation: [] });
  expect(extent).toMatchObject({ samples: 57, validationSamples: 3, isHeldOut: true });
  expect(extent.trainTokens).toBe(3 * extent.dataTokens);
  expect(extent.dataTokens).toBeLessThan(all);
});

test("wrong lines, empty ones, a mark at the beginning and odd line ends are as the checker takes them", async () => {
  const text = `\ufeff${linesOf(learned).replaceAll("\n", "\r\n\r\n")}\n\n{"messages":[]}\nnonsense\n`;
  const odd = { ...task, training: [dataSet(text)], skipShare: 0.05 };
  expect(await measureExtent(odd)).toMatchObject({ samples: 60, dataTokens: all, skippedLines: 2 });
  await expect(measureExtent({ ...odd, skipShare: 0.01 })).rejects.toMatchObject({
    problem: "invalid",
    code: "training_data",
    message: "2 of 62 lines are wrong, and at most 1 % may be. Mend the file, or allow more lines to be skipped.",
  });
  await expect(measureExtent({ ...task, training: [dataSet("")] })).rejects.toMatchObject({ code: "training_data" });
});

test("bytes that are no text, and a line without an end, are wrong lines and nothing more", async () => {
  const bytes = Buffer.concat([
    Buffer.from(`${linesOf(learned)}\n`),
    Buffer.from([0xff, 0xfe, 10]),
    Buffer.alloc(5_000_000, "a"),
  ]);
  const set = { ...dataSet(""), bytes: bytes.length, open: async () => inPieces(bytes) };
  expect(await measureExtent({ ...task, training: [set], skipShare: 0.5 })).toMatchObject({
    samples: 60,
    skippedLines: 2,
  });
});

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

test("a validation file is measured as far as it pays, but fifty samples at least", async () => {
  const many = dataSet(
    linesOf(Array.from({ length: 500 }, (_, at) => unseen[at % 40] ?? { question: "", answer: "" })),
  );
  expect((await measureExtent({ ...task, validation: [many] })).validationSamples).toBe(50);
});

test("of other models tokens are estimated, and said to be", async () => {
  const extent = await measureExtent({ ...task, baseModel: "some-large-model" });
  expect(extent).toMatchObject({ steps: 23, samples: 60, isEstimate: true });
  expect(extent.trainTokens).toBe(3 * extent.dataTokens);
  expect(extent.dataTokens).toBeGreaterThan(60 * 20);
});

test("a line of four million signs is counted without being read to its end", async () => {
  const long = [{ question: "Tell me all", answer: "abcdefghij".repeat(400_000) }];
  const extent = await measureExtent({ ...task, training: [dataSet(linesOf(long))], validation: [] });
  expect(extent.dataTokens).toBe(2048);
});
