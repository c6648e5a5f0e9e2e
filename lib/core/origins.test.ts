import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "./env.ts";
import { isSecureOrigin, originOf } from "./origins.ts";

const scheme = fc.constantFrom("http", "https", "HTTPS", "Http");
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.constantFrom("localhost", "LocalHost", "bücher.example", "xn--bcher-kva.example"),
);
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const spelled = fc
  .tuple(scheme, host, port)
  .map(([scheme, host, port]) => `${scheme}://${host}${port === undefined ? "" : `:${port}`}`)
  .filter((text) => URL.canParse(text));

test("an origin is read in every spelling, as the browser on its pages sends it", () => {
  fc.assert(
    fc.property(spelled, (text) => {
      const origin = originOf(text);
      expect(origin).toBe(new URL(`${text}/some/page?with=more#here`).origin);
      expect(originOf(origin ?? "")).toBe(origin);
    }),
  );
});

test("what says more than an origin is none", () => {
  const more = fc.oneof(
    fc.constantFrom(
      "/",
      "/x",
      "?",
      "?a=b",
      "#",
      "#a",
      " ",
      "\n",
      ",https://b.example",
      "\\",
      ":",
      ":0x10",
      ":99999",
      "*",
    ),
    fc.webPath().filter((path) => path !== ""),
  );
  fc.assert(
    fc.property(spelled, more, (text, more) => {
      const hasPort = /:\d+$/.test(text);
      if (!(hasPort && more === ":")) expect([text + more, originOf(text + more)]).toEqual([text + more, null]);
    }),
  );
});

test.each([
  "",
  "*",
  "null",
  "https://",
  "https://*",
  "https://*.example.com",
  "https://user@example.com",
  "https://user:secret@example.com",
  "https://example.com@evil.example",
  "https:example.com",
  "https:\\\\example.com",
  "//example.com",
  "example.com",
  "ftp://example.com",
  "ws://example.com",
  "file:///etc/passwd",
  "javascript://example.com",
  "chrome-extension://abcdef",
  "https://exa mple.com",
  "https://example.com:",
  "https://example.com:80a",
  "https://example.com:65536",
  "https://[::1",
  "https://%65xample.com",
  "https://exa\u0000mple.com",
  "https://\ud800.example",
])("%j is no origin", (text) => {
  expect(originOf(text)).toBeNull();
});

test("pages come unchanged over https, or from the reader's own machine", () => {
  for (const origin of ["https://a.example", "http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080"])
    expect([origin, isSecureOrigin(origin)]).toEqual([origin, true]);
  for (const origin of ["http://a.example", "http://127.0.0.2", "http://localhost.evil.example", "http://[::2]"])
    expect([origin, isSecureOrigin(origin)]).toEqual([origin, false]);
});

test("the operator's list takes origins, http ones too, or all", () => {
  const check = (list: string) => () => parse({ ...process.env, CORS_ORIGINS: list });
  for (const list of ["*", "https://a.example", "https://a.example, http://intranet:8080"])
    expect(check(list)).not.toThrow();
  for (const list of ["https://a.example/", "a.example", "https://*.example", "https://a.example,"])
    expect(check(list)).toThrow("CORS_ORIGINS");
});
