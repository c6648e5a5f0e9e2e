import fc from "fast-check";
import { expect, test } from "vitest";
import { DataSetChecker } from "./checker.ts";
import { mendLine } from "./mend.ts";
import { DataSetMender } from "./mend-file.ts";
import { readSample } from "./read-sample.ts";
import { isError } from "./rules.ts";
import { DataSetSplitter, type SplitSide } from "./split-file.ts";

const word = fc.string({ maxLength: 12 });
const content = fc.oneof(word, fc.constant(5), fc.array(fc.record({ type: fc.constant("text"), text: word })));
const call = fc.record({
  id: fc.oneof(fc.constantFrom("abcdefgh1", "call_1", "call_2"), word),
  function: fc.record({ name: fc.constantFrom("look", "a b"), arguments: fc.oneof(fc.constant("{}"), fc.object()) }),
});
const message = fc.oneof(
  fc.record({ role: fc.constantFrom("system", "user", "assistant", "human", "bot", "x"), content }),
  fc.record({ from: fc.constantFrom("human", "gpt"), value: word }),
  fc.record({ role: fc.constant("assistant"), content: word, weight: fc.oneof(fc.constantFrom(0, 1), fc.double()) }),
  fc.record({
    role: fc.constant("assistant"),
    content: fc.constantFrom("", null),
    tool_calls: fc.array(call, { maxLength: 2 }),
  }),
  fc.record({ role: fc.constant("tool"), content: word, tool_call_id: fc.constantFrom("abcdefgh1", "call_1", null) }),
);
const line = fc.oneof(
  fc.record({ messages: fc.array(message, { maxLength: 5 }) }).map((value) => JSON.stringify(value)),
  fc.record({ conversations: fc.array(message, { maxLength: 3 }) }).map((value) => JSON.stringify(value)),
  fc.constantFrom("", "{", '{"text":"a"}', '{"text":" "}', '{"messages":[{"role":"assistant","content":"b"}]}'),
  fc.json(),
);

function through(tool: { see(piece: Uint8Array): Buffer; finish(): Buffer }, sent: Uint8Array, size = 7): Buffer {
  const made: Buffer[] = [];
  for (let at = 0; at < sent.length; at += size) made.push(tool.see(sent.subarray(at, at + size)));
  return Buffer.concat([...made, tool.finish()]);
}
const mend = (sent: Uint8Array, isList = false, size = 7): Buffer => through(new DataSetMender({ isList }), sent, size);

test("fine-tuning 10: a mended line passes, a right one stays byte for byte, and mending twice is mending once", () => {
  fc.assert(
    fc.property(line, (text) => {
      const { line: mended, rules } = mendLine(text);
      if (readSample(text)) expect(mended).toBe(text);
      if (mended === null) return;
      if (mended !== text) {
        expect(rules.length).toBeGreaterThan(0);
        expect(readSample(mended)).not.toBeNull();
      }
      expect(mendLine(mended)).toEqual({ line: mended, rules: [] });
    }),
    { numRuns: 3000 },
  );
});

test("fine-tuning 10: a mended file is the same when it is mended again, wherever its pieces end", () => {
  const file = fc.record({
    lines: fc.array(line, { maxLength: 10 }),
    end: fc.constantFrom("\n", "\r\n"),
    isEnded: fc.boolean(),
  });
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 50 }), ({ lines, end, isEnded }, size) => {
      const sent = Buffer.from(lines.join(end) + (isEnded ? end : ""));
      const mended = mend(sent);
      expect(mend(sent, false, size).equals(mended)).toBe(true);
      expect(mend(mended, false, size).toString()).toBe(mended.toString());
    }),
    { numRuns: 500 },
  );
});

test("fine-tuning 10: right lines keep their bytes, repeats and a byte order mark go, and it is said what was done", () => {
  const [good, other] = ['{ "text" : "a\\u00e9" }', '{"text":"b"}'];
  const wrong = '{"messages":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}';
  const mender = new DataSetMender({ isList: false });
  const made = through(mender, Buffer.from(`\ufeff${good}\r\n${wrong}\n\n${good}\n${other}`));
  const mended = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}';
  expect(made.toString()).toBe(`${good}\r\n${mended}\n\n${other}`);
  expect(mender.report).toEqual({
    changed: 1,
    dropped: 1,
    counts: { M1: 1, W1: 1 },
    examples: [
      { line: 2, before: wrong, after: mended, rules: ["M1"] },
      { line: 4, before: good, after: null, rules: ["W1"] },
    ],
  });
});

test("fine-tuning 10: one list, or objects over several lines, become one object a line", () => {
  const objects = fc.array(fc.record({ text: fc.string({ minLength: 1 }).filter((text) => text.trim() !== "") }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      objects,
      fc.constantFrom(0, 2),
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      (values, space, isList, size) => {
        const parts = values.map((value) => JSON.stringify(value, null, space));
        const sent = isList ? JSON.stringify(values, null, space) : parts.join("\n");
        const wanted = [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => `${text}\n`).join("");
        expect(mend(Buffer.from(sent), true, size).toString()).toBe(wanted);
      },
    ),
    { numRuns: 300 },
  );
});

test("fine-tuning 11: a split is disjoint, bounded and the same each time, and keeps every line that is no repeat", () => {
  const lines = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 20, maxLength: 400 });
  fc.assert(
    fc.property(
      lines,
      fc.integer({ min: 0, max: 9 }),
      fc.double({ min: 0.01, max: 0.05, noNaN: true }),
      (numbers, seed, share) => {
        const sent = Buffer.from(numbers.map((number) => `{"text":"Line ${number}."}\n`).join(""));
        const side = (name: SplitSide, size: number) =>
          through(new DataSetSplitter(name, { bytes: sent.length, share, seed }), sent, size);
        const [training, validation] = [side("training", 9), side("validation", 9)];
        expect(side("validation", 31).equals(validation)).toBe(true);
        const [kept, held] = [training, validation].map((part) => part.toString().split("\n").filter(Boolean));
        expect(held?.filter((one) => kept?.includes(one))).toEqual([]);
        expect(new Set(held).size).toBe(held?.length);
        expect(validation.length).toBeLessThanOrEqual(sent.length * share);
        expect(new Set([...(kept ?? []), ...(held ?? [])])).toEqual(
          new Set(sent.toString().split("\n").filter(Boolean)),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test("fine-tuning 11: at most 1 MiB is held out, and nothing that is wrong", () => {
  const good = Array.from({ length: 3000 }, (_, n) => `{"text":"${n} ${"x".repeat(10_000)}"}`);
  const bad = Array.from({ length: 300 }, (_, n) => `{"text":${n}}`);
  const sent = Buffer.from([...bad, ...good].join("\n"));
  const splitter = new DataSetSplitter("validation", { bytes: sent.length, share: 0.05, seed: 1 });
  const made = through(splitter, sent, 65_536);
  expect(made.length).toBeLessThanOrEqual(1024 * 1024);
  expect(made.length).toBeGreaterThan(900_000);
  const checker = new DataSetChecker({ purpose: "fine-tune" });
  checker.see(made);
  expect(checker.finish().problems.filter(isError)).toEqual([]);
});
