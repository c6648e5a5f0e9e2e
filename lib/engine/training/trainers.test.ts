import { expect, test } from "vitest";
import { parse } from "#lib/core/env.ts";
import { forwardModels, openTrainers } from "./trainers.ts";

const upstreams = (models: unknown[]): string =>
  JSON.stringify([{ id: "there", url: "http://127.0.0.1:1/v1", models }]);
const envOf = (more: Record<string, string>) => parse({ ...process.env, ...more });
const tuning = { trainer: "forward", dialect: "openai", baseRate: 1e-4 };

test("the embedded trainer is there with its model, the forwarding one with a server that trains", () => {
  expect(openTrainers(envOf({})).map(({ kind }) => kind)).toEqual(["embedded"]);
  expect(openTrainers(envOf({ EMBEDDED_MODELS: "off" }))).toEqual([]);
  const served = upstreams([{ id: "m", upstreamModel: "their-m", tuning }, { id: "plain" }]);
  expect(openTrainers(envOf({ UPSTREAMS: served })).map(({ kind }) => kind)).toEqual(["embedded", "forward"]);
  expect([...forwardModels(envOf({ UPSTREAMS: served })).keys()]).toEqual(["their-m"]);
});

test("a model whose tuning is misspelled stops the start, and says where", () => {
  const wrong = upstreams([{ id: "m", tuning: { trainer: "forward", dialect: "other" } }]);
  expect(() => forwardModels(envOf({ UPSTREAMS: wrong }))).toThrow(/dialect/);
});
