import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const rows = [
  ...fs
    .readFileSync(path.join(import.meta.dirname, "ASVS.md"), "utf8")
    .matchAll(/^\| (V\d+\.\d+\.\d+) \| (.+) \| `(.+)` \|$/gm),
].map(([, item = "", here = "", file = ""]) => ({ item, here, file }));

test("each item of the security table is there once, with a test file that exists and asserts something", () => {
  expect(rows.length).toBeGreaterThan(100);
  expect(new Set(rows.map(({ item }) => item)).size).toBe(rows.length);
  const missing = rows.filter(({ file }) => !fs.existsSync(file) || !fs.readFileSync(file, "utf8").includes("expect("));
  expect(missing).toEqual([]);
  expect(rows.every(({ file }) => /\.(test|spec)\.ts$/.test(file))).toBe(true);
});
