import { expect, test } from "vitest";
import { documentationPages } from "./pages.ts";
import { DocumentationIndex, findableOf } from "./search.ts";

const index = new DocumentationIndex(documentationPages().flatMap(findableOf));
const firstOf = (asked: string): string[] =>
  index
    .find(asked)
    .slice(0, 3)
    .map(({ href }) => href);

test.each([
  ["an error's code", "spend_limit_reached", "/docs/errors#spend_limit_reached"],
  ["a part of a code", "quota", "/docs/errors#file_quota_reached"],
  ["words of a heading", "verify signature", "/docs/webhooks#verify-the-signature"],
  ["the beginning of a word", "zero reten", "/docs/data#zero-retention"],
  ["a word with a typing error", "embedings", "/docs/embeddings"],
  ["a header", "x-spend-limit-max-tokens", "/docs/limits#headers-of-an-answer"],
])("contract 44: the search finds %s", (_, asked, href) => {
  expect(firstOf(asked)).toContain(href);
});

test("contract 44: what is asked for may be anything, and what matches nothing finds nothing", () => {
  for (const asked of ["", " ", "\0", "((((", "`<script>`", "a".repeat(100_000), "é日本", "-", "_"])
    expect(Array.isArray(index.find(asked))).toBe(true);
  expect(index.find("qwrtzpsdfg")).toEqual([]);
  expect(index.find("the").length).toBeLessThanOrEqual(20);
  for (const { excerpt } of index.find("limit")) expect(excerpt.length).toBeLessThan(220);
});
