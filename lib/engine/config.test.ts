import { expect, test } from "vitest";
import { parse } from "#lib/core/env.ts";
import { trainedThere, upstreamsOf } from "./config.ts";
import { openEngines, servedModels } from "./engines.ts";

const upstream = (id: string, ...models: object[]) => ({ id, url: "http://127.0.0.1:1/v1", models });
const env = (...upstreams: object[]) =>
  parse({ ...process.env, EMBEDDED_MODELS: "off", UPSTREAMS: JSON.stringify(upstreams) });

const deploying = (folder: string, replicas?: string[]) => ({
  ...upstream("a", { id: "m" }),
  deployer: { kind: "vllm", folder, ...(replicas && { replicas }) },
});

test("a model of several upstreams is served once, by the first, and the others stand behind it", async () => {
  const both = env(upstream("a", { id: "m", upstreamModel: "m-at-a" }), upstream("b", { id: "m" }, { id: "n" }));
  expect(servedModels(both).map(({ upstream, model }) => [upstream, model.id])).toEqual([
    ["a", "m"],
    ["b", "n"],
  ]);
  const engines = openEngines(both);
  expect(engines.health()).toMatchObject([
    { upstream: "a", model: "m", state: "closed" },
    { upstream: "b", model: "m", state: "closed" },
    { upstream: "b", model: "n", state: "closed" },
  ]);
  expect(engines.of("a", "m")).toBeDefined();
  expect(engines.of("gone", "gone")).toBeUndefined();
  await engines.close();
});

test("models that their servers train are known by their names there", () => {
  const tuning = { trainer: "forward", dialect: "mistral" };
  const given = [upstream("a", { id: "m", upstreamModel: "their-m", tuning }, { id: "n", tuning }, { id: "o" })];
  expect([...trainedThere(JSON.stringify(given))]).toEqual(["their-m", "n"]);
});

test.each([
  ["two upstreams of one id", [upstream("a", { id: "m" }), upstream("a", { id: "n" })], "same id"],
  ["a model twice at one", [upstream("a", { id: "m" }, { id: "m" })], "twice"],
  ["a folder of adapters that is not named from the root", [deploying("adapters")], "from the root"],
  ["a deployer without a server", [deploying("/srv/adapters", [])], "replicas"],
  ["a context that no column holds", [upstream("a", { id: "m", maxContextLength: 2e9 })], "maxContextLength"],
])("the configuration refuses %s", (_, given, words) => {
  expect(() => upstreamsOf(JSON.stringify(given))).toThrow(words);
});
