import fc from "fast-check";
import { expect, test } from "vitest";
import { baseVocabulary } from "./base.ts";
import { createDecoder, decode, encode, marks } from "./tokenizer.ts";

const vocabulary = baseVocabulary();
/** Any text at all, lone surrogates and words of the corpus among it. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(" key", "limit", "\n  ", "é", "\ud83d", "\udf0a"),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
  )
  .map((parts) => parts.join(""));

test("every text comes back exactly", () => {
  fc.assert(
    fc.property(anyText, (text) => decode(vocabulary, encode(vocabulary, text)) === text),
    { numRuns: 500 },
  );
});

test("text decoded token by token is the same text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const decoder = createDecoder(vocabulary);
      const pieces = encode(vocabulary, text).map((token) => decoder.push(token));
      expect(pieces.join("") + decoder.flush()).toBe(text);
    }),
  );
});

test("no text encodes to a mark", () => {
  const reserved = new Set<number>(Object.values(marks));
  fc.assert(fc.property(anyText, (text) => encode(vocabulary, text).every((token) => !reserved.has(token))));
});

test("bytes that are no character become the replacement character", () => {
  expect(decode(vocabulary, [0xe2, 0x82, 65, 0x80, 0xf0])).toBe("\ufffdA\ufffd\ufffd");
});

test("words of the corpus are single tokens", () => {
  expect(encode(vocabulary, "The capital of France is Paris.")).toHaveLength(7);
});
