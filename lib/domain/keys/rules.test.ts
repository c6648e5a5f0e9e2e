import fc from "fast-check";
import { expect, test } from "vitest";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { stateOf } from "#lib/core/api-keys/lifetime.ts";
import { createKeyInput } from "./input.ts";
import { defaultScopes, graceEnd, mayChange, maySucceed } from "./rules.ts";

const now = new Date("2026-03-31T12:00:00.000Z");
const at = (text: string) => new Date(text);

test.each([
  ["without an end", null, null, "active"],
  ["eight days before its end", "2026-04-08T12:00:00.001Z", null, "active"],
  ["seven days before its end", "2026-04-07T12:00:00.000Z", null, "expiring"],
  ["at its end", "2026-03-31T12:00:00.000Z", null, "expired"],
  ["revoked, though it has not expired", "2027-01-01T00:00:00.000Z", "2026-03-31T12:00:00.000Z", "revoked"],
])("a key %s", (_name, expiresAt, revokedAt, state) => {
  expect(
    stateOf({ expiresAt: expiresAt ? at(expiresAt) : null, revokedAt: revokedAt ? at(revokedAt) : null }, now),
  ).toBe(state);
});

test("a grace never makes a key live longer than it would have", () => {
  const soon = at("2026-03-31T12:30:00.000Z");
  expect(graceEnd({ expiresAt: soon, revokedAt: null }, "day", now)).toEqual(soon);
  expect(graceEnd({ expiresAt: null, revokedAt: null }, "hour", now)).toEqual(at("2026-03-31T13:00:00.000Z"));
  expect(graceEnd({ expiresAt: null, revokedAt: null }, "none", now)).toEqual(now);
});

test("an owner with the right changes their own key; only keys.write-any reaches other people's", () => {
  const [mine, theirs] = [
    { ownerId: "usr_a", isService: false },
    { ownerId: "usr_b", isService: false },
  ];
  expect(mayChange(new Set(["keys.write"]), "usr_a", mine)).toBe(true);
  expect(mayChange(new Set(["keys.write"]), "usr_a", theirs)).toBe(false);
  expect(mayChange(new Set(["keys.write-any"]), "usr_a", theirs)).toBe(true);
  expect(mayChange(new Set(), "usr_a", mine)).toBe(false);
  const service = { ownerId: "usr_a", isService: true };
  expect(mayChange(new Set(["keys.write"]), "usr_a", service)).toBe(false);
  expect(mayChange(new Set(["keys.write-any"]), "usr_b", service)).toBe(true);
});

test("a successor is shown to the person it acts as, and to nobody else", () => {
  const anyone = fc.constantFrom("usr_a", "usr_b", "usr_c");
  const key = fc.record({ ownerId: anyone, isService: fc.boolean() });
  fc.assert(
    fc.property(anyone, key, (person, key) => maySucceed(person, key) === (key.isService || person === key.ownerId)),
  );
});

test.each(["203.0.113.7", "203.0.113.0/24", "2001:db8::/32", "10.0.0.1, 10.0.0.2"])(
  "%s is an address list",
  (addresses) => {
    expect(createKeyInput.safeParse({ name: "k", scopes: "models:read", addresses }).success).toBe(true);
  },
);

test.each(["203.0.113.0/33", "example.com", "1.2.3", "::1/129", "10.0.0.0/8/8"])("%s is none", (addresses) => {
  expect(createKeyInput.safeParse({ name: "k", scopes: "models:read", addresses }).success).toBe(false);
});

test("a key of which nothing is said asks models and, as far as its maker may, keeps files and tunes; in pages it asks alone", () => {
  const asking = ["completions:create", "embeddings:create", "models:read"];
  const files = ["files:read", "files:write"];
  const may = (...roles: string[]) => permissionsOf(rolePermissions, roles);
  const tuning = ["fine-tuning:read", "fine-tuning:write"];
  expect(defaultScopes(may("dev"), false)).toEqual([...asking, ...files, ...tuning, "batch:read", "batch:write"]);
  expect(defaultScopes(new Set(["files.read", "files.write"]), false)).toEqual([...asking, ...files]);
  expect(defaultScopes(new Set(), false)).toEqual(asking);
  expect(defaultScopes(may("organization_admin"), true)).toEqual(asking);
});
