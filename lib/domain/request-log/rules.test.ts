import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { isFiltered } from "#lib/core/list/rules.ts";
import { requestFilter } from "./input.ts";
import { boundsOf, countedBy, stretchOf, wholeDays } from "./rules.ts";

const now = new Date("2026-03-20T15:30:00.000Z");
const id = newId("request", new Date("2026-02-10T00:00:00.000Z"));

test.each([
  [
    "a day is all of it",
    { from: "2026-02-01", to: "2026-02-01" },
    "2026-02-01T00:00:00.000Z",
    "2026-02-02T00:00:00.000Z",
  ],
  [
    "a minute is all of it",
    { from: "2026-02-01T10:20", to: "2026-02-01T10:20" },
    "2026-02-01T10:20:00.000Z",
    "2026-02-01T10:21:00.000Z",
  ],
  [
    "a page goes on where the one before it ended",
    { before: id },
    "1970-01-01T00:00:00.000Z",
    "2026-02-11T00:00:00.000Z",
  ],
  ["and back from where it began", { after: id }, "2026-02-09T00:00:00.000Z", "2026-03-21T15:30:00.000Z"],
  [
    "a moment that does not exist is none",
    { from: "2026-02-01T25:00" },
    "1970-01-01T00:00:00.000Z",
    "2026-03-21T15:30:00.000Z",
  ],
])("%s", (_name, asked, start, end) => {
  expect(boundsOf(requestFilter.parse(asked), now)).toEqual({ start: new Date(start), end: new Date(end) });
});

test("of a month only what is within bounds is looked at", () => {
  const bounds = { start: new Date("2026-01-20T00:00:00.000Z"), end: new Date("2026-02-10T00:00:00.000Z") };
  expect(stretchOf("2026-01-01", bounds)).toEqual({ start: bounds.start, end: new Date("2026-02-01T00:00:00.000Z") });
  expect(stretchOf("2026-02-01", bounds)).toEqual({ start: new Date("2026-02-01T00:00:00.000Z"), end: bounds.end });
  expect(stretchOf("2026-03-01", bounds)).toBeUndefined();
  expect(stretchOf("2025-12-01", bounds)).toBeUndefined();
});

test("a place in the log is no filter", () => {
  expect(isFiltered(requestFilter.parse({ before: id }))).toBe(false);
  expect(isFiltered(requestFilter.parse({ end_user: "ann" }))).toBe(true);
  expect(isFiltered(requestFilter.parse({ model: "", key: "nonsense" }))).toBe(false);
});

test("the sums know how many requests a filter of one thing leaves, by whole days; a scan would know the rest", () => {
  const counted = (asked: object) => countedBy(requestFilter.parse(asked));
  const key = newId("key", now);
  expect(counted({})).toEqual({ by: "model", values: undefined });
  expect(counted({ key })).toEqual({ by: "key", values: [key] });
  expect(counted({ end_user: "ann" })).toEqual({ by: "end_user", values: ["ann"] });
  for (const asked of [{ key, model: "m" }, { outcome: "failed" }, { endpoint: "chat" }]) {
    expect(counted(asked)).toBeUndefined();
  }
  expect(wholeDays(requestFilter.parse({ from: "2026-02-01", to: "2026-02-01T10:20" }))).toBeUndefined();
  expect(wholeDays(requestFilter.parse({ from: "2026-02-01" }))?.from).toEqual(new Date("2026-02-01T00:00:00.000Z"));
});
