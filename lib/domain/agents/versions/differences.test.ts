import { expect, test } from "vitest";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { differencesOf } from "./rules.ts";

const content = (fields: object) => ({ ...emptyContent("small"), ...fields });
const lines = (count: number, change: (line: number) => string = (line) => `line ${line}`) =>
  Array.from({ length: count }, (_, line) => change(line)).join("\n");

test("two versions that say the same do not differ, whether a null is written out or not", () => {
  const full = content({ instructions: "a", completion_args: { temperature: 0.2 } });
  expect(
    differencesOf(full, content({ instructions: "a", completion_args: { temperature: 0.2, top_p: null } })),
  ).toEqual([]);
});

test("instructions are compared line by line, and what is far from a change is left out", () => {
  const [found] = differencesOf(
    content({ instructions: lines(20) }),
    content({ instructions: lines(20, (line) => (line === 10 ? "changed" : `line ${line}`)) }),
  );
  expect(found?.field).toBe("Instructions");
  expect(found?.lines).toEqual([
    { kind: "skipped", count: 7 },
    ...[7, 8, 9].map((line) => ({ kind: "same", text: `line ${line}` })),
    { kind: "removed", text: "line 10" },
    { kind: "added", text: "changed" },
    ...[11, 12, 13].map((line) => ({ kind: "same", text: `line ${line}` })),
    { kind: "skipped", count: 6 },
  ]);
});

test("a line added at the end leaves the one before it as it was", () => {
  const [found] = differencesOf(content({ instructions: "one" }), content({ instructions: "one\ntwo" }));
  expect(found?.lines).toEqual([
    { kind: "same", text: "one" },
    { kind: "added", text: "two" },
  ]);
});

test("every field that changed is named, in the order of the builder, agents by their names", () => {
  const tool = { type: "function", function: { name: "find", description: "", strict: false, parameters: {} } };
  const found = differencesOf(
    content({ description: "Old" }),
    {
      ...content({ model: "large", examples: [{ input: "a", output: "b" }], tools: [tool], metadata: { a: 1 } }),
      completion_args: { temperature: 0, response_format: { type: "json_object" } },
      handoffs: ["ag_1"],
    },
    () => "Planner",
  );
  expect(found.map(({ field }) => field)).toEqual([
    "Model",
    "Description",
    "Examples",
    "Handoffs",
    "Metadata",
    "Temperature",
    "Response format",
    "Function find",
  ]);
  expect(found.find(({ field }) => field === "Handoffs")?.lines).toEqual([{ kind: "added", text: "Planner" }]);
});
