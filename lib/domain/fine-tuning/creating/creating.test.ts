import { expect, test } from "vitest";
import { trainedThere } from "#lib/engine/config.ts";
import { fingerprintOf, frozen, seedOf, trainerOf } from "./rules.ts";

const there = trainedThere(
  JSON.stringify([
    {
      id: "u",
      url: "http://localhost:1",
      models: [{ id: "sent", tuning: { trainer: "forward", dialect: "openai" } }, { id: "fetched" }],
    },
  ]),
);

test.each([
  ["tiny", "embedded", "embedded"],
  ["sent", "u", "forward"],
  ["fetched", "u", "pull"],
] as const)("%s of %s is trained by %s", (id, upstream, kind) => {
  expect(trainerOf({ upstream, upstreamModel: id }, there)).toBe(kind);
});

const asked = {
  training_steps: 1,
  learning_rate: 1e-4,
  weight_decay: 0,
  warmup_fraction: 0,
  epochs: null,
  seq_len: null,
};
const parameters = { ...asked, fim_ratio: 0.9, random_seed: null };

test("what the embedded model cannot use is empty", () => {
  expect(frozen(parameters, "embedded").fim_ratio).toBeNull();
  expect(frozen(parameters, "pull").fim_ratio).toBe(0.9);
});

test("a seed is what was asked for, or the job's own", () => {
  expect(seedOf(7, "ftj_01m6a6fszz9v3e4gsh8t8ayczx")).toBe(7);
  expect(seedOf(null, "ftj_01m6a6fszz9v3e4gsh8t8ayczx")).toBe(seedOf(null, "ftj_01m6a6fszz9v3e4gsh8t8ayczx"));
  expect(seedOf(null, "ftj_01m6a6fszz9v3e4gsh8t8ayczx")).not.toBe(seedOf(null, "ftj_01m6a6fszz9v3e4gsh8t8ayczy"));
});

test("fine-tuning 26: jobs are alike by workspace, model, data, parameters and suffix, whatever their files are called", () => {
  const data = (name: string, weight = 1) => [{ file: "file_1" as const, name, sha256: "a", weight }];
  const made = { workspaceId: "w", model: "m", validation: [], hyperparameters: frozen(parameters, "pull") };
  const rest = { seed: null, skipShare: 0, suffix: null };
  const print = (change: object) => fingerprintOf({ ...made, ...rest, training: data("a.jsonl"), ...change });
  expect(print({ training: data("b.jsonl") })).toBe(print({}));
  for (const change of [
    { workspaceId: "x" },
    { model: "n" },
    { training: data("a.jsonl", 2) },
    { validation: data("a.jsonl") },
    { suffix: "s" },
    { seed: 1 },
    { skipShare: 0.1 },
    { hyperparameters: { ...made.hyperparameters, learning_rate: 1e-3 } },
  ])
    expect(print(change)).not.toBe(print({}));
});
