import { expect, test } from "vitest";
import { traceParentOf, tracePartsOf } from "./trace-parent.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";

test("contract 42: a caller's trace is taken as W3C spells it, and of a later version what this one knows", () => {
  expect(traceParentOf(`00-${trace}-${span}-00`)).toBe(`00-${trace}-${span}-01`);
  expect(traceParentOf(`cc-${trace}-${span}-03-what-the-future-says`)).toBe(`00-${trace}-${span}-01`);
  expect(tracePartsOf(`00-${trace}-${span}-01`)).toEqual({ traceId: trace, spanId: span });
});

test.each([
  ["nothing", undefined],
  ["an empty header", ""],
  ["two headers", `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
  ["a list", [`00-${trace}-${span}-01`]],
  ["no trace", `00-${"0".repeat(32)}-${span}-01`],
  ["no span", `00-${trace}-${"0".repeat(16)}-01`],
  ["the version that is none", `ff-${trace}-${span}-01`],
  ["capital letters", `00-${trace.toUpperCase()}-${span}-01`],
  ["more than version 00 says", `00-${trace}-${span}-01-more`],
  ["words", `00-${"my secret prompt ".repeat(2).slice(0, 32)}-${span}-01`],
  ["a line break", `00-${trace}-${span}-01\n`],
  ["what goes on and on", `cc-${trace}-${span}-01-${"x".repeat(1000)}`],
])("contract 42: %s is no trace", (_name, header) => {
  expect(traceParentOf(header)).toBeNull();
});
