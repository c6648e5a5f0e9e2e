import { expect, test } from "vitest";
import { hashPassword, isOutdated, passwordMatches } from "./password.ts";

test("a password matches its own hash and no other", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(stored).toMatch(/^scrypt\$32768\$8\$1\$/);
  expect(await passwordMatches("correct horse battery", stored)).toBe(true);
  expect(await passwordMatches("correct horse batterz", stored)).toBe(false);
});

test("the same password is never stored the same way twice", async () => {
  expect(await hashPassword("correct horse battery")).not.toBe(await hashPassword("correct horse battery"));
});

test("no hash, an empty hash and a broken one match nothing, not even the key of the unknown account", async () => {
  for (const stored of [null, undefined, "", "scrypt$32768$8$1", "bcrypt$x$y$z$a$b"]) {
    expect(await passwordMatches("correct horse battery", stored)).toBe(false);
  }
});

test("an unknown account costs the work of a known one", async () => {
  const stored = await hashPassword("correct horse battery");
  const took = async (hash: string | null) => {
    const started = performance.now();
    for (let i = 0; i < 3; i++) await passwordMatches("wrong", hash);
    return performance.now() - started;
  };
  const ratio = (await took(null)) / (await took(stored));
  expect(ratio).toBeGreaterThan(0.3);
  expect(ratio).toBeLessThan(3);
});

test("the same letters typed as other code points are the same password", async () => {
  expect(await passwordMatches("cafe\u0301 au lait!", await hashPassword("caf\u00e9 au lait!"))).toBe(true);
});

test("a hash of another cost still matches and is known to be outdated", async () => {
  const { scryptSync } = await import("node:crypto");
  const salt = Buffer.alloc(16, 3);
  const key = scryptSync("correct horse battery", salt, 32, { N: 2 ** 14, r: 8, p: 1 });
  const stored = `scrypt$16384$8$1$${salt.toString("base64url")}$${key.toString("base64url")}`;
  expect(await passwordMatches("correct horse battery", stored)).toBe(true);
  expect(isOutdated(stored)).toBe(true);
  expect(isOutdated(await hashPassword("x"))).toBe(false);
});
