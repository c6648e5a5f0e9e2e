import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

const day = {
  day: "2026-03-01",
  id: "key_1",
  requests: 2,
  failed: 0,
  promptTokens: 3,
  cachedTokens: 0,
  completionTokens: 1,
};

test("amounts are exact to the last digit", () => {
  const [, line] = csvOf([{ ...day, name: "backend", costPico: 1_000_000_000_001n }], "key").split("\r\n");
  expect(line).toBe("2026-03-01,key_1,backend,2,0,3,0,1,1.000000000001");
});

test.each([
  ['say "hi", twice', '"say ""hi"", twice"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["@sum", "'@sum"],
])("the name %s stays a text in a spreadsheet", (name, cell) => {
  expect(csvOf([{ ...day, name, costPico: 0n }], "key")).toContain(`,${cell},`);
});
