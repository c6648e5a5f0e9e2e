import { expect, test } from "vitest";
import { isId, newId, timeOf } from "./id.ts";

test("an id tells its kind, sorts by birth and remembers it", () => {
  const first = newId("key", new Date("2026-02-28T23:59:59.999Z"));
  const second = newId("key", new Date("2026-03-01T00:00:00.000Z"));
  expect(first).toMatch(/^key_[0-9a-z]{26}$/);
  expect(first < second).toBe(true);
  expect(timeOf(second).toISOString()).toBe("2026-03-01T00:00:00.000Z");
  expect(isId("key", first)).toBe(true);
  expect(isId("user", first)).toBe(false);
  expect(isId("key", "key_o0000000000000000000000000")).toBe(false);
});
