import { expect, test } from "vitest";
import { trainBase, training, untrained } from "./base.ts";
import { cuesOf } from "./cues.ts";
import { encode, marks } from "./tokenizer.ts";
import { evaluate, type Sample, tableFor, train } from "./train.ts";

const { model, samples, heldOut } = untrained();
const short = { ...training, steps: 60 };
const few = samples.filter((_, at) => at % 10 === 0);

test("training lowers the loss on questions it has not seen", () => {
  const before = evaluate(model, heldOut);
  const after = evaluate({ ...model, tables: [trainBase(model, samples, short)] }, heldOut);
  expect(after.loss).toBeLessThan(before.loss * 0.6);
  expect(after.accuracy).toBeGreaterThan(before.accuracy + 0.3);
});

test("the same seed trains the same weights, another seed others", () => {
  const first = trainBase(model, few, { ...short, steps: 5 });
  expect(trainBase(model, few, { ...short, steps: 5 }).weights).toEqual(first.weights);
  expect(trainBase(model, few, { ...short, steps: 5, seed: 1 }).weights).not.toEqual(first.weights);
});

test("a table trained on top leaves the one below as it was", () => {
  const base = trainBase(model, few, { ...short, steps: 20 });
  const frozen = base.weights.slice();
  const taught: Sample = {
    cues: cuesOf("When is the library open?", model.lexicon),
    tokens: [marks.assistant, ...encode(model.vocabulary, "Ahoy! The library opens at ten, matey."), marks.end],
    from: 1,
  };
  const adapted = { ...model, tables: [base, tableFor([taught])] };
  const before = evaluate(adapted, [taught]);
  const steps = [...train(adapted, [taught], { ...short, steps: 40, batch: 1 })];
  expect(steps).toHaveLength(40);
  expect(steps.at(-1)?.loss).toBeLessThan(1);
  expect(evaluate(adapted, [taught]).loss).toBeLessThan(before.loss / 4);
  expect(base.weights).toEqual(frozen);
});

test("weight decay holds the weights down", () => {
  const norm = (weights: Float32Array): number => weights.reduce((sum, weight) => sum + weight * weight, 0);
  const free = trainBase(model, few, { ...short, steps: 20, weightDecay: 0 });
  const held = trainBase(model, few, { ...short, steps: 20, weightDecay: 0.1 });
  expect(norm(held.weights)).toBeLessThan(norm(free.weights));
});
