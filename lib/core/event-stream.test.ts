import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventReader } from "./event-stream.ts";

function read(bytes: Buffer, cuts: readonly number[]): string[] {
  const reader = createEventReader();
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const events = edges.slice(1).flatMap((end, at) => reader.push(bytes.subarray(edges[at], end)));
  return [...events, ...reader.flush()].map(({ data }) => data);
}

test("events come out whole wherever the bytes were cut and whatever the line end is", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  const events = fc.array(fc.array(line, { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(events, fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat()), (sent, end, cuts) => {
      const dataOf = (lines: string[]): string => lines.map((text) => `data: ${text}${end}`).join("");
      const wire = sent.map((lines) => `: ping${end}event: x${end}${dataOf(lines)}${end}`).join("");
      expect(read(Buffer.from(wire), cuts)).toEqual(sent.map((lines) => lines.join("\n")));
    }),
    { numRuns: 300 },
  );
});

test("a last event without an empty line counts, and data of several lines is one event", () => {
  expect(read(Buffer.from("data:a\ndata: b\n\ndata: c"), [])).toEqual(["a\nb", "c"]);
});

test("every legal way to write an event is read, with a byte order mark, wherever the bytes are cut", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 12 }).map((one) => one.replace(/[\r\n]/g, ""));
  // What stands around the data of an event, and is no part of it.
  const noise = fc.constantFrom(
    ": ping",
    ":",
    "id: 7",
    "id",
    "retry: 10",
    "event: message",
    "unknown: field",
    "nonsense",
    "data2: x",
  );
  const event = fc.record({
    data: fc.array(text, { minLength: 1, maxLength: 3 }),
    before: fc.array(noise),
    after: fc.array(noise),
  });
  const separator = fc.constantFrom("data:", "data: ");
  const end = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 4 }),
      fc.record({ separator, end, hasMark: fc.boolean(), isEnded: fc.boolean() }),
      fc.array(fc.nat()),
      (sent, { separator, end, hasMark, isEnded }, cuts) => {
        // A blank at the beginning is part of the data only behind another.
        const safe = (data: string): string => (separator === "data:" && data.startsWith(" ") ? ` ${data}` : data);
        const lines = sent.map(({ data, before, after }) => [
          ...before,
          ...data.map((one) => separator + safe(one)),
          ...after,
        ]);
        const wire = lines.map((all) => all.map((line) => line + end).join("")).join(end) + (isEnded ? end : "");
        const bytes = Buffer.from((hasMark ? "\uFEFF" : "") + wire);
        expect(read(bytes, cuts)).toEqual(sent.map(({ data }) => data.join("\n")));
      },
    ),
    { numRuns: 500 },
  );
});

test("an event that does not end is given up before it fills the memory", () => {
  const { push } = createEventReader(1000);
  expect(push(Buffer.from(`data: ${"x".repeat(900)}\n\n`))).toHaveLength(1);
  push(Buffer.from("data: "));
  expect(() => {
    for (let i = 0; i < 100; i++) push(Buffer.from("x".repeat(100)));
  }).toThrow("longer");
  const lines = createEventReader(1000);
  expect(() => {
    for (let i = 0; i < 100; i++) lines.push(Buffer.from(`data: ${"x".repeat(100)}\n`));
  }).toThrow("longer");
});
