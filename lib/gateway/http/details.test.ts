import fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { createAgentInput } from "#lib/domain/agents/input.ts";
import { appendInput, startInput } from "#lib/domain/conversations/input.ts";
import { chatInput, embeddingInput, fimInput } from "#lib/engine/port/input.ts";
import { details } from "./details.ts";

const told = (schema: z.ZodType, sent: unknown) => {
  const { error } = schema.safeParse(sent);
  return error ? details(error, "body", sent) : [];
};

const messages = [{ role: "user", content: "hi" }];
const bodies: [string, z.ZodObject, Record<string, unknown>][] = [
  ["chat", chatInput, { model: "m", messages }],
  ["fim", fimInput, { model: "m", prompt: "p" }],
  ["embeddings", embeddingInput, { model: "m", input: "x" }],
  ["a conversation", startInput, { model: "m", inputs: "hi" }],
  ["a turn", appendInput, { inputs: "hi" }],
  ["an agent", createAgentInput as unknown as z.ZodObject, { model: "m", name: "a" }],
];

/** What may only be sent where another field is not. */
const inPlaceOfOthers = new Set(["inputs", "agent_id", "agent_version"]);

test.each(bodies)(
  "whichever field of %s is wrong, its name is told, and whether it is missing",
  (_name, schema, body) => {
    const fields = Object.keys(schema.shape).filter((name) => !inPlaceOfOthers.has(name));
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const found = told(schema, { ...body, [field]: value });
        for (const { loc, type, msg } of found) {
          expect(loc.slice(0, 2)).toEqual(["body", field]);
          if (loc.length === 2) expect(type).not.toBe("missing");
          expect(msg).not.toMatch(/^Invalid input/);
        }
        const { [field]: _left, ...less } = body;
        for (const { loc, type } of told(schema, less)) if (loc[1] === field) expect(type).toBe("missing");
      }),
      { numRuns: 300 },
    );
  },
);

test("a wrong kind is told with what was expected and what came", () => {
  expect(told(chatInput, { model: 5, messages })).toEqual([
    {
      type: "invalid_type",
      loc: ["body", "model"],
      msg: "Expected string, received number.",
      ctx: { expected: "string", received: "number" },
    },
  ]);
  expect(told(chatInput, { model: "m", messages: [{ role: "user", content: 5 }] })[0]).toMatchObject({
    loc: ["body", "messages", 0, "content"],
    msg: "Expected string or array, received number.",
  });
});

test.each([
  [{ messages: [{ role: "user", content: [{ type: "text" }, { text: "x" }] }] }, ["messages", 0, "content", 1, "type"]],
  [{ messages: [{ content: "x" }] }, ["messages", 0, "role"]],
  [{ messages: [{ role: "nobody", content: "x" }] }, ["messages", 0, "role"]],
  [
    { messages: [{ role: "assistant", tool_calls: [{ function: { name: 5, arguments: "" } }] }] },
    ["messages", 0, "tool_calls", 0, "function", "name"],
  ],
  [{ messages, tool_choice: { type: "function", function: { name: 5 } } }, ["tool_choice", "function", "name"]],
  [{ messages, tool_choice: { type: "function", function: {} } }, ["tool_choice", "function", "name"]],
  [{ messages, tools: [{ type: "function", function: { name: "a b" } }] }, ["tools", 0, "function", "name"]],
  [{ messages, stop: ["a", 5] }, ["stop", 1]],
  [{ messages, response_format: { type: "json_schema" } }, ["response_format", "json_schema"]],
  [
    { messages, response_format: { type: "json_schema", json_schema: { name: "a" } } },
    ["response_format", "json_schema", "schema"],
  ],
])("of %o it is told that the fault is at %o", (more, place) => {
  const found = told(chatInput, { model: "m", ...more });
  expect(found).toHaveLength(1);
  expect(found[0]?.loc).toEqual(["body", ...place]);
});

test("in a list of texts the wrong one is named, in a list of lists the wrong token", () => {
  expect(told(embeddingInput, { model: "m", input: ["a", 5] })[0]?.loc).toEqual(["body", "input", 1]);
  expect(told(embeddingInput, { model: "m", input: [[1, "a"]] })[0]?.loc).toEqual(["body", "input", 0, 1]);
});
