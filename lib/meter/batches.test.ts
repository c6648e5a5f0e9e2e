import { expect, test } from "vitest";
import { openBatches } from "./batches.ts";

const options = { size: 3, concurrency: 1, attempts: 3 };
const refused = (code: string) => Object.assign(new Error("refused"), { code });

test("those who wait together are written together, in order, at most so many at once", async () => {
  const saved: number[][] = [];
  const batches = openBatches<number>(async (items) => void saved.push(items), options);
  await Promise.all([1, 2, 3, 4, 5].map((item) => batches.write(item)));
  expect(saved).toEqual([[1], [2, 3, 4], [5]]);
});

test("one bad row fails alone", async () => {
  const batches = openBatches<number>(async (items) => {
    if (items.includes(3)) throw refused("22P05");
  }, options);
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => batches.write(item)));
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
});

test("what fails for a passing reason is tried again, and the same items with it", async () => {
  let tries = 0;
  const batches = openBatches<number>(async () => {
    tries++;
    if (tries < 3) throw refused("40P01");
  }, options);
  await batches.write(1);
  expect(tries).toBe(3);
});

test("draining waits for everything, written or not", async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const saved: number[] = [];
  const batches = openBatches<number>(async (items) => {
    await gate;
    saved.push(...items);
  }, options);
  void batches.write(1);
  void batches.write(2);
  const drained = batches.drain();
  release();
  await drained;
  expect(saved).toEqual([1, 2]);
});
