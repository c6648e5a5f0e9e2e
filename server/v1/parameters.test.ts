import fs from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chatInput, chatParameters, embeddingInput, fimInput } from "#lib/engine/port/input.ts";
import { namesInHeader, sorted } from "#lib/engine/port/parameters.ts";
import { parametersPage } from "./parameters.ts";

test("docs/parameters.md is what `npm run admin -- parameters` prints", () => {
  expect(fs.readFileSync("docs/parameters.md", "utf8")).toBe(parametersPage());
});

const body = { model: "m", messages: [{ role: "user", content: "hi" }] };

test("a null is as good as leaving the field out, whichever field it is", () => {
  const needed = { chat: ["model", "messages"], fim: ["model", "prompt"], embeddings: ["model", "input"] };
  const bodies = { chat: body, fim: { model: "m", prompt: "p" }, embeddings: { model: "m", input: "x" } };
  const schemas = { chat: chatInput, fim: fimInput, embeddings: embeddingInput };
  for (const name of ["chat", "fim", "embeddings"] as const) {
    for (const field of Object.keys(schemas[name].shape).filter((field) => !needed[name].includes(field)))
      expect([field, schemas[name].safeParse({ ...bodies[name], [field]: null }).success]).toEqual([field, true]);
  }
});

test("every field is used, passed on, refused or told as ignored", () => {
  const field = fc.oneof(fc.constantFrom(...Object.keys(chatParameters)), fc.string());
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), fc.array(field), (sent, declared) => {
      const takes = new Set(declared);
      const { extras, ignored } = sorted(chatParameters, sent, takes);
      for (const [name, value] of Object.entries(sent)) {
        if (value === null) expect(ignored).not.toContain(name);
        else if (ignored.includes(name)) expect(Object.hasOwn(extras, name)).toBe(false);
      }
      for (const name of Object.keys(extras)) expect(takes.has(name)).toBe(true);
    }),
  );
});

test("whatever a field is called, its name fits into a header", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 60 }), (names) => {
      const value = namesInHeader(names);
      expect(() => new Headers({ "x-ignored-parameters": value })).not.toThrow();
      expect(value.length).toBeLessThan(2200);
    }),
  );
});

const likeNone = [
  { max_tokens: -1 },
  { seed: -1 },
  { stop: null },
  { store: false },
  { logprobs: false, top_logprobs: null },
  { modalities: ["text"] },
  { service_tier: "auto" },
  { tools: null, tool_choice: null },
];
test.each(likeNone)("%o changes nothing, and nothing is told of it", (more) => {
  const found = chatInput.parse({ ...body, ...more });
  expect(sorted(chatParameters, found)).toEqual({ extras: {}, ignored: [] });
});
