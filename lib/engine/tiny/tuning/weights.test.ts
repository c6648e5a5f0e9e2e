import { expect, test } from "vitest";
import { seeded } from "#lib/engine/tiny/random.ts";
import { weightsOf } from "#lib/testing/tuned-models.ts";
import { codeVersion, readWeights, writeCheckpoint, writeModel } from "./weights.ts";

const head = { job: "a job", step: 7, base: "base" };

function randomWeights(features: number, perFeature: number, height = 1) {
  const random = seeded(features);
  const sorted = [...new Set(Array.from({ length: features }, () => Math.floor(random() * 2 ** 32)))].sort(
    (a, b) => a - b,
  );
  const cells = sorted.length * perFeature;
  return {
    words: new Map([
      [4_294_967_295, 3],
      [17, 1],
    ]),
    cells: {
      features: Uint32Array.from(sorted),
      starts: Uint32Array.from({ length: sorted.length + 1 }, (_, at) => at * perFeature),
      ids: Uint16Array.from({ length: cells }, (_, at) => at % 2185),
      weights: Float32Array.from({ length: cells }, () => (random() - 0.5) * 2 * height),
    },
  };
}

test("fine-tuning 19: a checkpoint is read as it was written, to the last bit", () => {
  const own = randomWeights(5000, 3);
  const read = weightsOf(writeCheckpoint(head, own));
  expect(read.head).toEqual({ ...head, code: codeVersion, form: "checkpoint" });
  expect(read.cells).toEqual(own.cells);
  expect(new Map(read.words)).toEqual(own.words);
});

test("a finished model leaves small weights out and rounds the others, whatever their height", () => {
  for (const height of [1, 3000]) {
    const own = randomWeights(3000, 4, height);
    const { head: read, cells } = weightsOf(writeModel(head, own));
    expect(read.form).toBe("model");
    const kept = own.cells.weights.filter((weight) => Math.abs(weight) >= 0.1);
    expect(cells.weights.length).toBe(kept.length);
    expect(kept.every((weight, at) => Math.abs(weight - (cells.weights[at] ?? 0)) <= height / 127)).toBe(true);
  }
  const none = weightsOf(writeModel(head, randomWeights(100, 2, 0.01)));
  expect(none.cells.features).toHaveLength(0);
});

test("a finished model has at most 24 MB: more of the small weights go until it does", () => {
  const bytes = writeModel(head, randomWeights(1_500_000, 5));
  expect(bytes.length).toBeLessThanOrEqual(24_000_000);
  expect(bytes.length).toBeGreaterThan(15_000_000);
}, 60_000);

test("fine-tuning 20: what is cut anywhere or has one other bit is not read", () => {
  const bytes = writeCheckpoint(head, randomWeights(20, 2));
  const read = (changed: Uint8Array) => {
    const reading = readWeights(changed);
    for (;;) {
      const { done, value } = reading.next();
      if (done) return value;
    }
  };
  expect(read(bytes)).toBeDefined();
  for (let length = 0; length < bytes.length; length++) expect(read(bytes.subarray(0, length))).toBeUndefined();
  for (let at = 0; at < bytes.length; at++)
    expect(read(bytes.map((byte, place) => (place === at ? byte ^ 4 : byte)))).toBeUndefined();
});
