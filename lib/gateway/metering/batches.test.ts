import { expect, test } from "vitest";
import { sqlstate } from "#db/sqlstate.ts";
import { type Batches, openBatches } from "./batches.ts";

const options = { size: 3, gather: setImmediate, attempts: 3, atOnce: 1 };
const written = (batches: Batches<number>, item: number): Promise<void> =>
  new Promise((resolve, reject) => {
    batches.write(item, (error) => (error === undefined ? resolve() : reject(error)));
  });
const refused = (code: string) => Object.assign(new Error("refused"), { code });

test("those who wait together are written together, in order, at most so many at once", async () => {
  const saved: number[][] = [];
  const batches = openBatches<number>(async (items) => void saved.push(items), options);
  await Promise.all([1, 2, 3, 4, 5].map((item) => written(batches, item)));
  expect(saved).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test("one bad row fails alone", async () => {
  const batches = openBatches<number>(async (items) => {
    if (items.includes(3)) throw refused("22P05");
  }, options);
  const results = await Promise.allSettled([1, 2, 3, 4].map((item) => written(batches, item)));
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
});

test("what fails for a passing reason is tried again, and the same items with it", async () => {
  let tries = 0;
  const batches = openBatches<number>(async () => {
    tries++;
    if (tries < 3) throw refused(sqlstate.deadlockDetected);
  }, options);
  await written(batches, 1);
  expect(tries).toBe(3);
});

test("closing waits for everything, written or not", async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const saved: number[] = [];
  const batches = openBatches<number>(async (items) => {
    await gate;
    saved.push(...items);
  }, options);
  void written(batches, 1);
  void written(batches, 2);
  const drained = batches.close();
  release();
  await drained;
  expect(saved).toEqual([1, 2]);
});
