import fc from "fast-check";
import { expect, test } from "vitest";
import { nextPath } from "#lib/domain/account/input.ts";
import { localPath } from "./local-path.ts";

const pieces = [
  "/",
  "//",
  "\\",
  ".",
  "..",
  "/./",
  "/.//",
  "%2f",
  "%5c",
  "\t",
  "\n",
  "\r",
  "\0",
  " ",
  "@",
  ":",
  "?",
  "#",
];
const words = ["evil.example", "https:", "javascript:", "ws_1", "home", "a"];
const address = fc
  .array(fc.oneof(fc.constantFrom(...pieces, ...words), fc.string({ maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(""));

test("whatever a path is made of, what is handed on stays on this host and is its own normal form", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        address,
        address.map((rest) => `/${rest}`),
      ),
      (text) => {
        const path = nextPath.parse(text);
        for (const base of ["https://console.example", "http://127.0.0.1:3000/sign-in"]) {
          const url = new URL(path, base);
          expect(url.origin).toBe(new URL(base).origin);
          expect(url.pathname + url.search + url.hash).toBe(path);
        }
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(nextPath.parse(path)).toBe(path);
      },
    ),
    { numRuns: 3000 },
  );
});

test.each([
  "/.//evil.example",
  "/x/..//evil.example",
  "/%2e//evil.example",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/.\t//evil.example",
  "https://evil.example/",
  "https:evil.example",
  "javascript:alert(1)",
  "evil.example",
  "",
  `/${"a".repeat(3000)}`,
])("%j leads home", (text) => {
  expect(localPath(text)).toBeNull();
  expect(nextPath.parse(text)).toBe("/");
});

test.each([
  ["/ws_1/usage?from=2026-11-01&to=2026-11-30", "/ws_1/usage?from=2026-11-01&to=2026-11-30"],
  ["/ws_1/./keys", "/ws_1/keys"],
  ["/account", "/account"],
])("%s is handed on as %s", (text, path) => {
  expect(localPath(text)).toBe(path);
});
