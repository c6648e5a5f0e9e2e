import fc from "fast-check";
import { expect, test } from "vitest";
import { LineCount, LinePicker, lineBytesMost, markBefore, markBytes, sampleTypeOf } from "./rules.ts";

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

test("fine-tuning: the first line and the purpose say what the lines of a file are", () => {
  const cases: [Parameters<typeof sampleTypeOf>, string][] = [
    [["fine-tune", '{"messages":[]}'], "instruct"],
    [["fine-tune", '{"text":"A text"}'], "pretrain"],
    [["fine-tune", '{"text":"A text","messages":[]}'], "instruct"],
    [["fine-tune", "nonsense"], "instruct"],
    [["fine-tune", "null"], "instruct"],
    [["batch", '{"text":"A text"}'], "batch_request"],
  ];
  for (const [given, said] of cases) expect([given, sampleTypeOf(...given)]).toEqual([given, said]);
});
