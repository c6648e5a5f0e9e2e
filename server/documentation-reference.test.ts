import { gzipSync } from "node:zlib";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Operations } from "#components/documentation/operations.tsx";
import { bodyExampleOf, callsOf } from "#lib/core/documentation/examples.ts";
import {
  type ApiDocument,
  boundsOf,
  fieldsBelow,
  referenceOf,
  type Schema,
  typeWords,
} from "#lib/core/documentation/reference.ts";
import { routesOf } from "./v1/app.ts";
import { documentOf } from "./v1/openapi.ts";

const routes = routesOf();
const reference = referenceOf(documentOf(routes) as unknown as ApiDocument);
const operations = reference.flatMap((tag) => tag.operations);
const facts = { origin: "https://docs.example", model: "small" };

test("contract 44: the reference has every operation once, in a part that is not the rest, with an anchor of its own", () => {
  expect(operations).toHaveLength(routes.length);
  expect(new Set(operations.map(({ anchor }) => anchor)).size).toBe(operations.length);
  expect(new Set(reference.map(({ slug }) => slug)).size).toBe(reference.length);
  expect(reference.every((tag) => tag.operations.length > 0 && tag.description !== "")).toBe(true);
  const about = reference.find(({ name }) => name === "About");
  expect(about?.operations.map(({ path }) => path)).toEqual(["/v1/openapi.json", "/v1"]);
  expect(reference.find(({ name }) => name === "Admin: other")).toBeUndefined();
});

describe("contract 44: what the reference shows to send is taken", () => {
  const asking = operations.filter(({ body }) => body?.type === "application/json");

  test("there are bodies of each kind of API", () => {
    expect(asking.length).toBeGreaterThan(30);
  });

  test.each(asking)("$method $path", ({ method, path, anchor, body }) => {
    const found = routes.find(
      (route) => route.method === method && route.path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}") === path,
    );
    const result = found?.endpoint.about?.input?.safeParse(bodyExampleOf({ anchor, body }, "small"));
    expect([result?.success, result?.error?.issues]).toEqual([true, undefined]);
  });
});

test("contract 44: each operation is called in three languages, at the real address and with the key from its variable", () => {
  for (const operation of operations) {
    const calls = callsOf(operation, facts);
    expect(calls.map(({ language }) => language)).toEqual(["curl", "Python", "TypeScript"]);
    for (const { code } of calls) {
      expect(code).toContain("https://docs.example/v1");
      expect(code).not.toContain("undefined");
      if (operation.key !== "none") expect(code).toMatch(/COMPTOIR_API_KEY|COMPTOIR_ADMIN_KEY|TRAINER_TOKEN/);
    }
  }
});

test("contract 44: Python's own words stand for nothing, yes and no, and texts stay as they are", () => {
  const schema: Schema = {
    properties: { a: { const: null }, b: { const: true }, c: { const: "true null" } },
    required: ["a", "b", "c"],
  };
  const operation = {
    ...operations[0],
    anchor: "none",
    body: { type: "application/json", schema, isRequired: true },
  } as (typeof operations)[number];
  const python = callsOf(operation, facts)[1]?.code;
  expect(python).toContain('json={"a":None,"b":True,"c":"true null"}');
});

test("contract 44: every anchor and every field of a body stands in its page, which runs no script", () => {
  for (const { operations: shown } of reference) {
    const page = renderToStaticMarkup(createElement(Operations, { operations: shown, facts }));
    for (const { anchor, body } of shown) {
      expect(page).toContain(`id="${anchor}"`);
      for (const name of Object.keys(body?.schema.properties ?? {})) expect(page).toContain(`>${name}</dt>`);
    }
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/\sstyle=/);
    // What a part adds to the frame that every page of the console has.
    expect(gzipSync(page).length).toBeLessThan(16_000);
  }
});

test("contract 44: types and bounds are in words", () => {
  expect(
    typeWords({ anyOf: [{ type: "string" }, { type: "array", items: { type: "integer" } }, { type: "null" }] }),
  ).toBe("string | array of integer | null");
  expect(typeWords({ enum: ["a", "b"] })).toBe('"a" | "b"');
  expect(boundsOf({ minimum: 0, maximum: 2, default: 1 })).toBe("0 to 2, default 1");
  expect(boundsOf({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })).toBe("");
  expect(boundsOf({ maxLength: 80 })).toBe("at most 80 characters");
  const choice: Schema = {
    anyOf: [{ properties: { type: { const: "text" } } }, { properties: { type: { const: "json" } } }, { type: "null" }],
  };
  expect(fieldsBelow(choice).map(({ label }) => label)).toEqual(['type: "text"', 'type: "json"']);
});
