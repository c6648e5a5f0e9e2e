import { expect, test } from "vitest";
import { idOfUuid, isId, newId, timeOf, uuidOf } from "./id.ts";

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

test("a file's id and its UUID of version 7 are two spellings of the same bits", () => {
  const at = new Date("2026-11-29T12:00:00.000Z");
  for (let tried = 0; tried < 200; tried += 1) {
    const id = newId("file", at);
    const uuid = uuidOf(id);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(uuid.replaceAll("-", "").slice(0, 12), 16)).toBe(at.getTime());
    expect([idOfUuid("file", uuid), idOfUuid("file", uuid.toUpperCase()), idOfUuid("file", id)]).toEqual([id, id, id]);
  }
  expect([idOfUuid("file", "file_x"), idOfUuid("file", ""), idOfUuid("file", "../x")]).toEqual([null, null, null]);
});
