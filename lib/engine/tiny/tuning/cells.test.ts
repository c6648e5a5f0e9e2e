import { expect, test } from "vitest";
import { featuresAt } from "#lib/engine/tiny/model.ts";
import { between, seeded } from "#lib/engine/tiny/random.ts";
import { type Sample, tableFor } from "#lib/engine/tiny/train.ts";
import { CellCounter } from "./cells.ts";

function samples(count: number, seed: number): Sample[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => ({
    cues: Array.from({ length: 6 }, () => between(random, 1, 300)),
    tokens: Array.from({ length: 40 }, () => between(random, 0, 60)),
    from: 1,
  }));
}

test("cells that are merged run by run are those that are sorted at once", () => {
  const all = samples(2500, 1);
  const counter = new CellCounter(10_000_000);
  for (const sample of all) counter.add(sample);
  const [merged, sorted] = [counter.table(), tableFor(all)];
  for (const part of ["features", "starts", "ids"] as const)
    expect(Buffer.from(merged[part].buffer).equals(Buffer.from(sorted[part].buffer)), part).toBe(true);
  expect(counter.dropped).toBe(0);
});

test("where there are too many cells, the features that were seen least are left out", () => {
  const often = samples(1, 2);
  const counter = new CellCounter(60_000);
  for (const sample of [...samples(2500, 1), ...Array.from({ length: 50 }, () => often).flat()]) counter.add(sample);
  const table = counter.table();
  expect(table.ids.length).toBeLessThanOrEqual(60_000);
  expect(counter.dropped).toBeGreaterThan(0);
  const features = new Uint32Array(64);
  const count = featuresAt(often[0] ?? { cues: [], tokens: [] }, 20, features);
  expect([...features.subarray(0, count)].every((feature) => table.features.includes(feature))).toBe(true);
});
