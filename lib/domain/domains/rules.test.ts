import { expect, test } from "vitest";
import { domainName } from "./input.ts";
import { domainOf, readDomain } from "./rules.ts";

const cases = [
  ["example.com", "example.com"],
  [" @Example.COM. ", "example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["a.b.co.uk", "a.b.co.uk"],
  ["example", null],
  ["", null],
  ["-a.com", null],
  ["a..com", null],
  ["127.0.0.1", null],
  ["[::1]", null],
  ["a.com/path", null],
  ["user@a.com", null],
  ["a.com:80", null],
  ["a com", null],
  [`${"a".repeat(64)}.com`, null],
] as const;

test.each(cases)("%j is the domain %j", (typed, domain) => expect(readDomain(typed)).toBe(domain));

test("the domain of an address is all that stands after its last @", () => {
  expect(domainOf("a@Example.com")).toBe("example.com");
  expect(domainOf('"a@evil.com"@example.com')).toBe("example.com");
  expect(domainOf("nobody")).toBe(null);
});

test.each(["gmail.com", "GMX.de", "proton.me", "@outlook.com"])("anyone has an address at %s: refused", (typed) => {
  expect(domainName.safeParse(typed).error?.issues[0]?.message).toContain("Anybody can have an address there");
});
