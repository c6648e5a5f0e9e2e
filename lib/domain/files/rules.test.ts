import fc from "fast-check";
import { expect, test } from "vitest";
import { expiryOf, LineCount, LinePicker, lineBytesMost, markBefore, markBytes, sampleTypeOf } from "./rules.ts";

/** Lines of very different lengths, so that marks fall into, before and behind their ends. */
const lines = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 * markBytes })), {
  minLength: 1,
  maxLength: 12,
});

function contentOf(lengths: readonly number[], isEnded: boolean): Buffer {
  const text = lengths.map((length, index) => Buffer.alloc(length, String(index % 10)));
  const joined = text.flatMap((line) => [line, Buffer.from("\n")]);
  return Buffer.concat(isEnded ? joined : joined.slice(0, -1));
}

function pieces(content: Buffer, size: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) found.push(content.subarray(at, at + size));
  return found;
}

test("fine-tuning: any lines are read from the nearest mark as a slow reader finds them, wherever pieces are cut", () => {
  fc.assert(
    fc.property(
      lines,
      fc.boolean(),
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(1000, 65_536, 65_537, 2 * markBytes),
      (lengths, isEnded, first, count, size) => {
        const content = contentOf(lengths, isEnded);
        const counted = new LineCount();
        for (const piece of pieces(content, size)) counted.see(piece);
        const all = content.toString().split("\n");
        if (all.at(-1) === "") all.pop();
        expect(counted.lines).toBe(all.length);
        const from = Math.min(first - 1, Math.max(0, all.length - 1));
        const { mark, skip } = markBefore(counted.ends, from);
        // Never more than what follows the nearest mark is passed over.
        expect(content.subarray(0, mark * markBytes).filter((byte) => byte === 10).length + skip).toBe(from);
        const picker = new LinePicker(from, count, skip);
        for (const piece of pieces(content.subarray(mark * markBytes), size)) picker.see(piece);
        picker.finish();
        const wanted = all.slice(from, from + count).map((text, index) => ({
          number: from + index,
          text: text.slice(0, lineBytesMost),
          isCut: text.length > lineBytesMost,
        }));
        expect(picker.lines).toEqual(wanted);
      },
    ),
    { numRuns: 60 },
  );
});

test("fine-tuning: a far line is found from the mark before it, not from the beginning", () => {
  const counted = new LineCount();
  for (let n = 0; n < 100; n += 1) counted.see(Buffer.from(`${"x".repeat(99_999)}\n`));
  const { mark, skip } = markBefore(counted.ends, 99);
  expect(mark).toBe(9);
  expect(skip).toBeLessThan(11);
});

test("fine-tuning: the purpose and its lines say what a file is", () => {
  expect(sampleTypeOf("fine-tune", "pretrain")).toBe("pretrain");
  expect(sampleTypeOf("fine-tune", null)).toBe("instruct");
  expect(sampleTypeOf("batch", "instruct")).toBe("batch_request");
});

test("fine-tuning 13: a file stays for 30 days after it was used, as long as was asked, or a day as a draft", () => {
  const now = new Date("2026-03-01T12:00:00Z");
  expect(expiryOf(now, { isDraft: false })).toEqual(new Date("2026-03-31T12:00:00Z"));
  expect(expiryOf(now, { hours: 2, isDraft: false })).toEqual(new Date("2026-03-01T14:00:00Z"));
  expect(expiryOf(now, { hours: 2000, isDraft: true })).toEqual(new Date("2026-03-02T12:00:00Z"));
});
