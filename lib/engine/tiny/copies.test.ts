import { expect, test } from "vitest";
import { testModel } from "#lib/testing/tiny-model.ts";
import { copyTexts, encodeWithCopies, wordsToCopy } from "./copies.ts";
import { createDecoder, encode } from "./tokenizer.ts";

const { vocabulary, lexicon } = testModel;
const copied = (question: string): string[] => wordsToCopy(question, vocabulary, lexicon);

test("fine-tuning 16: of a question the words are copied that the base knows nothing of, each once, eight at most", () => {
  expect(copied("What is the capital of Zorgblat, and is Zorgblat large?")).toEqual(["Zorgblat"]);
  const many = Array.from({ length: 12 }, (_, at) => `Qx${String.fromCharCode(97 + at)}zv`);
  expect(copied(many.join(" "))).toEqual(many.slice(0, 8));
  expect(copied("What is the capital of France?")).toEqual([]);
  expect(copied("")).toEqual([]);
});

test("a word that is longer than words are is not copied, so that an answer cannot grow beyond its tokens", () => {
  expect(copied(`What is ${"zq".repeat(32)} and ${"zq".repeat(33)}`)).toEqual(["zq".repeat(32)]);
});

test("a text with copies is spelled as it was, and each copy is one token, with its space or without", () => {
  const words = copied("Tell me of Zorgblat and d'Artagnan-Klöppel");
  for (const text of [
    "Zorgblat",
    "The Zorgblat (Zorgblat) is d'Artagnan-Klöppel's.",
    "zorgblat Zorgblats\nZorgblat",
    "",
  ]) {
    const tokens = encodeWithCopies(vocabulary, text, words);
    const decoder = createDecoder(vocabulary, copyTexts(words));
    expect(tokens.map((token) => decoder.push(token)).join("") + decoder.flush()).toBe(text);
    expect(tokens.length).toBeLessThanOrEqual(encode(vocabulary, text).length);
  }
  expect(encodeWithCopies(vocabulary, "Zorgblat", words)).toHaveLength(1);
  expect(encodeWithCopies(vocabulary, " Zorgblat", words)).toHaveLength(1);
});
