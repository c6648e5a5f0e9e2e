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
