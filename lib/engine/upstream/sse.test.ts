import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventReader } from "./sse.ts";

function read(bytes: Buffer, cuts: readonly number[]): string[] {
  const reader = createEventReader();
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const events = edges.slice(1).flatMap((end, at) => reader.push(bytes.subarray(edges[at], end)));
  return [...events, ...reader.flush()];
}

test("events come out whole wherever the bytes were cut and whatever the line end is", () => {
  const data = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(data), fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat()), (texts, end, cuts) => {
      const wire = texts.map((text) => `: ping${end}event: x${end}data: ${text}${end}${end}`).join("");
      expect(read(Buffer.from(wire), cuts)).toEqual(texts);
    }),
  );
});

test("a last event without an empty line counts, and data of several lines is one event", () => {
  expect(read(Buffer.from("data:a\ndata: b\n\ndata: c"), [])).toEqual(["a\nb", "c"]);
});
