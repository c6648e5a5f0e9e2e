import { describe, expect, test } from "vitest";
import { z } from "zod";
import { listInput } from "./input.ts";
import { containing } from "./like.ts";
import { chosenOf, countWords, cursorOf, cursorText, isFiltered, listHref, nextSort, partsOf } from "./rules.ts";

const input = listInput(["name", "spent"], { state: z.enum(["active", "ended"]).optional().catch(undefined) });

describe("the address of a list", () => {
  test("says what is searched for, how it is sorted and what is left out", () => {
    expect(input.parse({ q: " check ", sort: "-spent", state: "active", after: "key_1~a" })).toEqual({
      q: "check",
      sort: "-spent",
      state: "active",
      after: "key_1~a",
    });
  });

  test.each([
    { q: "" },
    { q: "x".repeat(101) },
    { sort: "owner" },
    { sort: "--name" },
    { state: "odd" },
    { after: "" },
  ])("takes %o as if it were not there", (sent) => {
    expect(chosenOf(input.parse(sent))).toEqual({});
  });

  test("keeps the rest when one thing changes, and begins at the first page", () => {
    const asked = { q: "a b", sort: "-spent", state: "active", after: "key_1~7" };
    expect(listHref("/keys", asked, { state: undefined })).toBe("/keys?q=a+b&sort=-spent");
    expect(listHref("/keys", asked, { before: "key_2~9" })).toBe(
      "/keys?q=a+b&sort=-spent&state=active&before=key_2%7E9",
    );
    expect(listHref("/keys", {})).toBe("/keys");
  });

  test("is filtered by a search or a filter, not by a sort or a place", () => {
    expect(isFiltered({ sort: "name", after: "key_1~a" })).toBe(false);
    expect(isFiltered({ q: "a" })).toBe(true);
    expect(isFiltered({ state: "active" })).toBe(true);
  });
});

test("a heading sorts in its own order first, then the other way round", () => {
  expect(nextSort("name", "-spent")).toBe("-spent");
  expect(nextSort("-spent", "-spent")).toBe("spent");
  expect(nextSort("spent", "-spent")).toBe("-spent");
  expect(partsOf<"name">("-name")).toEqual({ by: "name", falls: true });
});

test("a cursor is read as it was written, also with its own sign in the value; one that does not fit is none", () => {
  const cursor = { id: "key_1", value: "a~b %" };
  expect(cursorOf(cursorText(cursor), false)).toEqual(cursor);
  expect(cursorOf("key_1~-12.5", true)).toEqual({ id: "key_1", value: "-12.5" });
  for (const text of [undefined, "key_1", "~7", "key_1~seven", "key_1~1e9"])
    expect(cursorOf(text, true)).toBeUndefined();
});

test.each([
  [{ first: 1, shown: 50, total: 312 }, "1–50 of 312"],
  [{ first: 301, shown: 12, total: 5312 }, "301–312 of 5,312"],
  [{ first: 51, shown: 1, total: 51 }, "51 of 51"],
  [{ first: 1, shown: 1, total: 1 }, "1 key"],
  [{ first: 1, shown: 7, total: 7 }, "7 keys"],
])("counts %o are %s", (counted, words) => {
  expect(countWords(counted, { one: "key", many: "keys" })).toBe(words);
});

test("a search takes the signs of a pattern literally", () => {
  expect(containing("50%_\\")).toBe("%50\\%\\_\\\\%");
});
