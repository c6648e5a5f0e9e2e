import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seeded } from "#lib/engine/tiny/random.ts";
import { check, expectValid } from "#lib/testing/json-checker.ts";
import { testSampler } from "#lib/testing/tiny-model.ts";
import type { JsonSchema } from "./schema.ts";
import { createVoice } from "./voice.ts";
import { walkSchema } from "./walk.ts";

const question = 'Book "Hotel Sol" in Paris for 3 nights, mail anna@example.com, from 2027-03-01, colour red, name Zoë';

function valueFor(schema: unknown, seed = 1, temperature = 0.7): unknown {
  const steps = walkSchema(
    schema as JsonSchema,
    createVoice(testSampler, question, { stop: [], temperature }, seeded(seed)),
  );
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const patterns = [
  "^[a-z]{2,5}$",
  "^\\d{3}-\\d{4}$",
  "[A-Z]\\w*",
  "^(?:red|green|blue)$",
  "^[^a-z ]+$",
  "^a?b+c*\\.x$",
  "^[A-Z]{2}[0-9]{2}(?:-[A-Z0-9]{4})+$",
];
const formatNames = ["date", "time", "date-time", "email", "uri", "uuid", "ipv4"];
const length = fc.integer({ min: 0, max: 300 });
const size = fc.integer({ min: 0, max: 30 });
const name = fc.constantFrom("city", "name", "nights", "__proto__", "constructor", "e mail", "é", "answer", "from");

const scalar: fc.Arbitrary<object> = fc.oneof(
  fc.tuple(length, length).map(([a, b]) => ({ type: "string", minLength: Math.min(a, b), maxLength: Math.max(a, b) })),
  fc.constantFrom(...patterns).map((pattern) => ({ type: "string", pattern })),
  fc.constantFrom(...formatNames).map((format) => ({ type: "string", format })),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), size)
    .map(([minimum, more]) => ({ type: "integer", minimum, maximum: minimum + more })),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.constantFrom(0.01, 0.1, 0.5, 3, 7))
    .map(([low, multipleOf]) => ({ type: "number", exclusiveMinimum: low, exclusiveMaximum: low + 20, multipleOf })),
  fc.record({ type: fc.constant("number"), exclusiveMaximum: fc.double({ min: -1e6, max: 1e6, noNaN: true }) }),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 5 })
    .map((values) => ({ enum: values })),
  fc.jsonValue().map((value) => ({ const: JSON.parse(JSON.stringify(value)) })),
  fc.constantFrom(
    { type: "boolean" },
    { type: "null" },
    { type: ["string", "null"] },
    { type: ["integer", "object"] },
    {},
  ),
);

const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.integer({ min: 0, max: 3 }),
      maxItems: fc.integer({ min: 3, max: 5 }),
    }),
    fc.record({
      type: fc.constant("array"),
      prefixItems: fc.array(tie("schema"), { maxLength: 3 }),
      items: fc.oneof(fc.constant(false), tie("schema")),
    }),
    fc
      .integer({ min: 1, max: 5 })
      .map((minItems) => ({ type: "array", uniqueItems: true, minItems, items: { type: "integer" } })),
    fc.constant({ type: "array", uniqueItems: true, minItems: 3, items: { enum: ["a", "b", "c"] } }),
    fc
      .tuple(fc.dictionary(name, tie("schema")), fc.array(name, { maxLength: 4 }), fc.boolean(), size)
      .map(([properties, required, isClosed, least]) => ({
        type: "object",
        properties,
        required: isClosed ? required.filter((one) => Object.hasOwn(properties, one)) : required,
        additionalProperties: isClosed ? false : { type: "string" },
        minProperties: isClosed ? Math.min(least, Object.keys(properties).length) : least % 5,
      })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => ({
      oneOf: [
        { type: "object", properties: { kind: { const: "a" }, part: a }, required: ["kind", "part"] },
        { type: "object", properties: { kind: { const: "b" }, part: b }, required: ["kind", "part"] },
      ],
    })),
    fc.tuple(tie("schema"), tie("schema")).map(([a, b]) => ({
      allOf: [
        { type: "object", properties: { first: a }, required: ["first"] },
        { type: "object", properties: { second: b } },
      ],
    })),
  ),
}));

describe("a value", () => {
  test("is valid for every schema that has one", () => {
    fc.assert(
      fc.property(schema, fc.nat(), fc.constantFrom(0, 0.7, 1.5), (wanted, seed, temperature) => {
        expectValid(valueFor(wanted, seed, temperature), wanted);
      }),
      { numRuns: 400 },
    );
  }, 30_000);

  test("is the same for the same seed", () => {
    fc.assert(
      fc.property(schema, fc.nat(), (wanted, seed) => {
        expect(valueFor(wanted, seed)).toEqual(valueFor(wanted, seed));
      }),
      { numRuns: 30 },
    );
  });

  test("of a recursive schema has an end", () => {
    const tree = {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: { label: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/node" } } },
          required: ["label", "children"],
        },
      },
    };
    const expression = {
      anyOf: [
        { type: "object", properties: { left: { $ref: "#" }, right: { $ref: "#" } }, required: ["left", "right"] },
        { type: "integer" },
      ],
    };
    for (let seed = 0; seed < 30; seed++)
      for (const wanted of [tree, expression]) expectValid(valueFor(wanted, seed), wanted);
  });

  test("of a branch that contains itself has an end", () => {
    expect(typeof valueFor({ anyOf: [{ $ref: "#" }, { type: "string" }] }, 1, 0)).toBe("string");
  });

  test("takes the words of the question", () => {
    const properties = {
      hotel: { type: "string" },
      nights: { type: "integer", maximum: 9 },
      email: { type: "string", format: "email" },
      from: { type: "string", format: "date" },
      colour: { enum: ["blue", "red", "green"] },
    };
    const wanted = { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
    expect(valueFor(wanted, 1, 0)).toMatchObject({
      nights: 3,
      email: "anna@example.com",
      from: "2027-03-01",
      colour: "red",
    });
  });
});

describe("a schema", () => {
  test.each([
    [{ type: "object", patternProperties: { a: {} } }, "patternProperties"],
    [{ not: { type: "string" } }, "not"],
    [{ type: "string", format: "iri" }, "iri"],
    [{ type: "string", pattern: "(?=a)b" }, "pattern"],
    [{ type: "string", pattern: "^(a)\\1$" }, "pattern"],
    [{ $ref: "https://example.com/schema" }, "refers"],
    [{ $ref: "#/$defs/none" }, "not a schema"],
    [{ type: "object", properties: { self: { $ref: "#" } }, required: ["self"] }, "without an end"],
    [{ allOf: [{ type: "string" }, { type: "integer" }] }, "types"],
    [{ allOf: [{ $ref: "#" }] }, "without an end"],
    [{ type: "array", minItems: 5000 }, "1000"],
    [{ type: "integer", minimum: 3, maximum: 2 }, "number"],
    [{ type: "string", minLength: 100_000 }, "100000"],
    [{ enum: [] }, "fits"],
    [{ type: "object", required: ["a"], additionalProperties: false }, "without an end"],
    [{ type: "strnig" }, "strnig"],
  ])("that cannot be followed is refused: %j", (wanted, reason) => {
    expect(() => valueFor(wanted)).toThrow(
      expect.objectContaining({ problem: "invalid", message: expect.stringContaining(reason) }),
    );
  });

  test("made to take for ever is refused or answered at once", () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `d${at}`,
        at === 39
          ? { type: "string" }
          : {
              type: "object",
              properties: { a: { $ref: `#/$defs/d${at + 1}` }, b: { $ref: `#/$defs/d${at + 1}` } },
              required: ["a", "b"],
            },
      ]),
    );
    expect(() => valueFor({ $ref: "#/$defs/d0", $defs: doubling })).toThrow(
      expect.objectContaining({ problem: "invalid" }),
    );
    const folding = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `d${at}`,
        at === 29 ? { type: "string" } : { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
      ]),
    );
    expect(() => valueFor({ $ref: "#/$defs/d0", $defs: folding })).toThrow(
      expect.objectContaining({ problem: "invalid" }),
    );
    expect(typeof valueFor({ type: "string", pattern: "^(a+)+b?$" })).toBe("string");
  });
});

test("the judge of these tests finds what is wrong", () => {
  expect(check({ a: 1 }, { type: "object", properties: { a: { type: "string" } } })).toBe(false);
  expect(check([1, 1], { uniqueItems: true })).toBe(false);
  expect(check("abc", { pattern: "^\\d+$" })).toBe(false);
  expect(check(4, { oneOf: [{ type: "integer" }, { minimum: 3 }] })).toBe(false);
});
