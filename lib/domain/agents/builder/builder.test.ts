import { expect, test } from "vitest";
import { z } from "zod";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { draftInput, publishInput } from "./input.ts";

const agent = `ag_${"0".repeat(32)}`;
const form = (content: object, more: object = {}) => ({
  agent,
  content: JSON.stringify({ ...emptyContent("small"), ...content }),
  ...more,
});
const faults = (schema: z.ZodType, value: unknown) => {
  const found = schema.safeParse(value);
  return found.success ? {} : z.flattenError(found.error).fieldErrors;
};

test("what is wrong is said at the field it is wrong in", () => {
  const tool = { type: "function", function: { name: "a b", description: "", strict: false, parameters: "no" } };
  expect(
    faults(
      draftInput,
      form({
        completion_args: { temperature: 2, top_p: "much" },
        tools: [tool],
        examples: [{ input: "", output: "b" }],
      }),
    ),
  ).toEqual({
    "completion_args.temperature": ["A number from 0 to 1."],
    "completion_args.top_p": ["A number above 0, up to 1."],
    "tools.0.function.name": [expect.stringContaining("1 to 64 letters")],
    "tools.0.function.parameters": ["This has to be an object in JSON."],
    "examples.0.input": ["An example needs an input."],
  });
});

test("schemas have to be schemas", () => {
  const parameters = { type: "text" };
  const tool = { type: "function", function: { name: "find", description: "", strict: false, parameters } };
  const response_format = { type: "json_schema", json_schema: { name: "a", schema: { required: "a" } } };
  expect(faults(draftInput, form({ tools: [tool], completion_args: { response_format } }))).toEqual({
    "tools.0.function.parameters": [expect.stringContaining('type is "text"')],
    "completion_args.response_format.json_schema.schema": [expect.stringContaining("required")],
  });
});

test("what is right comes through as it is", () => {
  const content = { instructions: "Be brief.", completion_args: { temperature: 0.2 } };
  expect(draftInput.parse(form(content))).toEqual({ agent, content: { ...emptyContent("small"), ...content } });
});

test("a body that is no JSON, or of no agent, is refused", () => {
  expect(draftInput.safeParse({ agent, content: "{" }).success).toBe(false);
  expect(faults(draftInput, { ...form({}), agent: "key_1" })).toEqual({ agent: ["This is not an agent's id."] });
});

test("T-4.3-RESP1: nothing is published without the rights attested", () => {
  expect(faults(publishInput, form({}, { message: "" }))).toEqual({ attested: [expect.stringContaining("rights")] });
  expect(publishInput.safeParse(form({}, { message: "", attested: "on" })).success).toBe(true);
});
