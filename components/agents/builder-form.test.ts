import { expect, test } from "vitest";
import { agentContent } from "#lib/domain/agents/input.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { contentOf, formOf, isSame, moved, nextId } from "./builder-form.ts";
import { prettyPrinted, schemaState } from "./json-check.ts";

const schema = { type: "object", properties: { a: { type: "string" } } };
const full = {
  model: "small",
  description: "About",
  instructions: "Be brief.\nTwice.",
  examples: [{ input: "a", output: "b" }],
  tools: [
    { type: "function" as const, function: { name: "find", description: "Finds", strict: true, parameters: schema } },
  ],
  completion_args: {
    temperature: 0,
    top_p: 0.5,
    max_tokens: 9,
    random_seed: 7,
    presence_penalty: -1,
    frequency_penalty: 1,
    stop: ["\n\n", "a\\nb"],
    tool_choice: "auto",
    reasoning_effort: "low",
    response_format: { type: "json_schema", json_schema: { name: "a", description: "d", strict: true, schema } },
    prediction: { type: "content", content: "x" },
  },
  handoffs: [`ag_${"0".repeat(32)}` as const],
  metadata: { team: "a" },
};

test("a form that no one touched says what it was made of", () => {
  expect(contentOf(formOf(full))).toEqual(full);
  expect(agentContent.safeParse(contentOf(formOf(full))).success).toBe(true);
  expect(contentOf(formOf(emptyContent("small")))).toEqual(emptyContent("small"));
});

test("empty fields are not said, commas are points, and what is no number stays to be refused", () => {
  const form = {
    ...formOf(emptyContent("small")),
    temperature: "0,2",
    topP: " ",
    maxTokens: "many",
    instructions: "  ",
  };
  expect(contentOf(form)).toMatchObject({
    completion_args: { temperature: 0.2, max_tokens: "many" },
    instructions: null,
  });
});

test("moving a row there and back is no change", () => {
  const form = formOf({ ...full, examples: [...full.examples, { input: "c", output: "d" }] });
  const down = { ...form, examples: moved(form.examples, 0, 1) };
  expect(isSame(form, down)).toBe(false);
  expect(isSame(form, { ...down, examples: moved(down.examples, 1, -1) })).toBe(true);
  expect(nextId(form.examples)).toBe(2);
  expect(nextId([])).toBe(0);
});

test.each([
  ["", "Write a JSON schema."],
  ["{", /^Not JSON yet: /],
  ["[]", "A schema is an object in JSON."],
  ['{"type": "text"}', /^Not a JSON schema yet: type is "text"/],
  ['{"type": "string"}', "A valid JSON schema."],
])("of %j is said: %s", (text, words) => {
  expect(schemaState(text).words).toMatch(words);
});

test("what is JSON can be printed prettily, and what is none stays", () => {
  expect(prettyPrinted('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyPrinted("{")).toBeNull();
});
