import { expect, test } from "vitest";
import { faultOfSchema } from "./fault.ts";

test.each([
  [{}],
  [true],
  [{ type: "object", properties: { a: { type: ["string", "null"] } }, required: ["a"], additionalProperties: false }],
  [{ type: "array", items: { $ref: "#/$defs/one" }, $defs: { one: { enum: [1, "a", null] } } }],
  [{ type: "array", items: [{ type: "string" }, true], minItems: 0 }],
  [{ anyOf: [{ const: 1 }, { pattern: "^a+$" }], "x-ours": { anything: 1 } }],
  [{ properties: { type: { type: "string" }, required: { type: "boolean" } } }],
])("%j is a schema", (schema) => {
  expect(faultOfSchema(schema)).toBeNull();
});

test.each([
  ["text", /has to be an object in JSON/],
  [[], /has to be an object in JSON/],
  [{ type: "text" }, /^type is "text"; it has to be one of/],
  [{ type: ["string", 1] }, /^type is 1/],
  [{ properties: { a: { type: "int" } } }, /^properties\.a\.type is "int"/],
  [{ properties: ["a"] }, /^properties has to be an object/],
  [{ required: "a" }, /^required has to be a list of names/],
  [{ items: { anyOf: [{ minLength: -1 }] } }, /^items\.anyOf\[0\]\.minLength has to be a whole number/],
  [{ anyOf: [] }, /^anyOf has to be a list with at least one schema/],
  [{ maximum: "9" }, /^maximum has to be a number/],
  [{ pattern: "(" }, /^pattern is not a regular expression/],
  [{ enum: "a" }, /^enum has to be a list of values/],
  [{ not: 1 }, /^not has to be an object in JSON/],
])("%j is none, and it is said where", (schema, words) => {
  expect(faultOfSchema(schema)).toMatch(words);
});

test("a schema that is nested without measure is refused, not followed", () => {
  let deep: object = {};
  for (let level = 0; level < 50_000; level++) deep = { items: deep };
  expect(faultOfSchema(deep)).toMatch(/nested too deeply/);
});

test("what stands in values is no schema", () => {
  expect(faultOfSchema({ enum: [{ type: "text" }], default: { pattern: "(" } })).toBeNull();
});

test("what is wrong beside a list of items is found, and a part of the list too", () => {
  expect(faultOfSchema({ prefixItems: [{ minLength: -1 }] })).toMatch(/^prefixItems\[0\]\.minLength/);
  expect(faultOfSchema({ items: [{ minLength: -1 }] })).toMatch(/^items\[0\]\.minLength/);
});
