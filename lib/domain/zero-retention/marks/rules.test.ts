import { expect, test } from "vitest";
import { lostBetween, type Mark } from "./rules.ts";

const mark = (upstream: string, ...models: string[]): Mark => ({
  upstream,
  since: "2026-01-01",
  basis: "test",
  models,
});
const nothing = { upstreams: [], models: [] };

test.each<[string, Mark[], Mark[], ReturnType<typeof lostBetween>]>([
  ["nothing changes", [mark("a", "m")], [mark("a", "m")], nothing],
  ["one comes", [], [mark("a", "m")], nothing],
  ["one goes with its models", [mark("a", "n", "m")], [], { upstreams: ["a"], models: ["m", "n"] }],
  ["another answers its model", [mark("a", "m"), mark("b", "m")], [mark("b", "m")], { upstreams: ["a"], models: [] }],
  ["a model leaves an upstream that stays", [mark("a", "m", "n")], [mark("a", "m")], { upstreams: [], models: ["n"] }],
])("T-4.2.2.2-ZDR4: what is lost when %s", (_, before, now, lost) => {
  expect(lostBetween(before, now)).toEqual(lost);
});
