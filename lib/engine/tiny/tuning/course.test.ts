import { describe, expect, test } from "vitest";
import { Course } from "./course.ts";
import { heldOutOf, orderOf } from "./order.ts";

const tokens = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, at) => 10 + (at % 7));
const course = (
  count: number,
  more: { epochs?: number; trainingSteps?: number; weight?: number; seed?: number } = {},
) =>
  new Course({ tokens: tokens(count), count, weightOf: () => more.weight ?? 1 }, false, {
    epochs: more.epochs ?? null,
    trainingSteps: more.trainingSteps ?? null,
    seed: more.seed ?? 1,
  });
const drawn = (all: Course): number[] => Array.from({ length: all.steps }, (_, at) => all.samplesOf(at + 1)).flat();

describe("the steps of a training", () => {
  test("fine-tuning 17: three epochs unless steps or epochs are given, and of both the sooner", () => {
    expect(course(64).steps).toBe(24);
    expect(course(64, { epochs: 1 }).steps).toBe(8);
    expect(course(64, { epochs: 0.01 }).steps).toBe(1);
    expect(course(64, { trainingSteps: 100 }).steps).toBe(100);
    expect(course(64, { trainingSteps: 100 }).epochs).toBe(12.5);
    expect(course(64, { trainingSteps: 100, epochs: 2 }).steps).toBe(16);
    expect(course(64, { trainingSteps: 5, epochs: 2 }).steps).toBe(5);
    expect(course(0, { trainingSteps: 5 }).steps).toBe(0);
  });

  test("fine-tuning 18: each epoch has every sample once, in another order, which the seed decides", () => {
    const all = drawn(course(20, { epochs: 2 }));
    expect(all).toHaveLength(40);
    const sorted = (part: number[]): number[] => part.toSorted((a, b) => a - b);
    expect(sorted(all.slice(0, 20))).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(sorted(all.slice(20))).toEqual(sorted(all.slice(0, 20)));
    expect(all.slice(20)).not.toEqual(all.slice(0, 20));
    expect(drawn(course(20, { epochs: 2 }))).toEqual(all);
    expect(drawn(course(20, { epochs: 2, seed: 2 }))).not.toEqual(all);
    expect([...orderOf(5, 1, 0)].toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  test("fine-tuning 34: tokens of any stretch of steps are those of its samples, in whatever order they are asked for", () => {
    for (const epochs of [0.3, 1, 2.7, 5]) {
      const own = course(37, { epochs });
      const lengths = tokens(37);
      const counted = (step: number): number => own.samplesOf(step).reduce((sum, at) => sum + (lengths[at] ?? 0), 0);
      let before = 0;
      for (let step = 1; step <= own.steps; step++) {
        expect(own.tokensOfSteps(step - 1, step)).toBe(counted(step));
        before += counted(step);
        expect(own.tokensOfSteps(0, step)).toBe(before);
      }
      expect(course(37, { epochs }).tokensOfSteps(0, own.steps)).toBe(before);
    }
    expect(course(37, { epochs: 4 }).tokensOfSteps(0, 1000)).toBe(4 * course(37).dataTokens);
  });

  test("a file's weight is how often an epoch has its samples; of a fraction, some are in it", () => {
    expect(course(100, { weight: 3, epochs: 1 }).epoch).toHaveLength(300);
    const half = course(1000, { weight: 1.5, epochs: 1 }).epoch.length;
    expect(half).toBeGreaterThan(1430);
    expect(half).toBeLessThan(1570);
    expect(course(1000, { weight: 1.5, epochs: 1 }).epoch.length).toBe(half);
  });

  test("of twenty samples or more, at most 5 % and 200 are held out, and none of them is trained on", () => {
    expect([19, 20, 100, 10_000].map((count) => heldOutOf(count, 1).size)).toEqual([0, 1, 5, 200]);
    const all = { tokens: tokens(100), count: 100, weightOf: () => 1 };
    const own = new Course(all, true, { epochs: 1, trainingSteps: null, seed: 3 });
    expect(own.heldOut.size).toBe(5);
    expect(drawn(own).filter((sample) => own.heldOut.has(sample))).toEqual([]);
    expect(new Set(drawn(own)).size).toBe(95);
  });
});
