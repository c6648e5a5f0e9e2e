import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckReport, DataSetChecker } from "./checker.ts";
import { LineSet } from "./line-set.ts";
import { isError, lineBytesMost, type RuleId } from "./rules.ts";

type Written = { text: string; rule: RuleId | null };

const word = fc.string({ minLength: 1, maxLength: 30, unit: "binary" }).filter((text) => text.trim() !== "");
const turn = fc.record({ role: fc.constantFrom("user", "assistant"), content: word });

/** Lines made by rule, so that what is wrong with each is known without a second checker. */
const conversation = fc
  .array(turn, { maxLength: 4 })
  .map((turns) => [...turns, { role: "assistant", content: "End." }]);
const right = conversation.map((messages): Written => ({ text: JSON.stringify({ messages }), rule: null }));
const broken = (rule: RuleId, make: (messages: object[]) => string): fc.Arbitrary<Written> =>
  conversation.map((messages) => ({ text: make(messages), rule }));

const wrong = fc.oneof(
  broken("J1", (messages) => `${JSON.stringify({ messages })}}`),
  broken("J2", () => "17"),
  broken("C1", (messages) => JSON.stringify({ messages, text: "a" })),
  broken("C2", () => '{"messages":[]}'),
  broken("C3", () => '{"messages":[{"role":"user","content":"a"}]}'),
  broken("C6", (messages) => JSON.stringify({ messages: [...messages, { role: "user", content: "And?" }] })),
  broken("M1", (messages) => JSON.stringify({ messages: [{ role: "bot", content: "a" }, ...messages] })),
  broken("M3", (messages) => JSON.stringify({ messages: [{ role: "user", content: 5 }, ...messages] })),
  broken("M5", (messages) =>
    JSON.stringify({ messages: [...messages, { role: "assistant", content: "a", weight: 2 }] }),
  ),
  broken("T3", (messages) =>
    JSON.stringify({ messages: [...messages, { role: "tool", content: "4" }, { role: "assistant", content: "a" }] }),
  ),
);
const empty = fc.constantFrom("", " ", "\t").map((text): Written => ({ text, rule: null }));
const file = fc.record({
  lines: fc.array(fc.oneof({ weight: 6, arbitrary: right }, { weight: 3, arbitrary: wrong }, empty), { maxLength: 12 }),
  end: fc.constantFrom("\n", "\r\n"),
  isEnded: fc.boolean(),
  hasMark: fc.boolean(),
});

type File = { lines: Written[]; end: string; isEnded: boolean; hasMark: boolean };

const bytesOf = ({ lines, end, isEnded, hasMark }: File): Buffer =>
  Buffer.from((hasMark ? "\ufeff" : "") + lines.map(({ text }) => text).join(end) + (isEnded ? end : ""));

const fineTune = { purpose: "fine-tune" as const };

function check(content: Uint8Array, pieces = [content.length], isSaved = false): CheckReport {
  let checker = new DataSetChecker(fineTune);
  let at = 0;
  for (const size of pieces) {
    checker.see(content.subarray(at, at + size));
    at += size;
    if (isSaved) checker = new DataSetChecker(fineTune, checker.save());
  }
  checker.see(content.subarray(at));
  return checker.finish();
}

test("fine-tuning 8: of 1,000 files made by rule each wrong line is found, by its number and rule, and no other", () => {
  fc.assert(
    fc.property(file, (made) => {
      const { problems, good, bad } = check(bytesOf(made));
      const errors = problems.filter((problem) => isError(problem) && problem.rule !== "F3");
      const wanted = made.lines.flatMap(({ rule }, at) => (rule ? [`${at + 1} ${rule}`] : []));
      expect(errors.map(({ line, rule }) => `${line} ${rule}`)).toEqual(wanted);
      expect({ good, bad }).toEqual({
        good: made.lines.filter(({ rule, text }) => rule === null && text.trim() !== "").length,
        bad: wanted.length,
      });
    }),
    { numRuns: 1000 },
  );
});

test("fine-tuning 8: bytes of any kind get a report, whose lines are lines of the file", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.record({ made: file, at: fc.nat(2000), byte: fc.nat(255) }).map(({ made, at, byte }) => {
      const content = bytesOf(made);
      if (content.length > 0) content[at % content.length] = byte;
      return content;
    }),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      const { problems, good } = check(content);
      const count = Buffer.from(content).toString("latin1").split("\n").length;
      expect(problems.every(({ line }) => line >= 0 && line <= count)).toBe(true);
      expect(good > 0 || problems.length > 0).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("fine-tuning 9: wherever pieces end, and taken up again between any two, a file gets the same report", () => {
  const odd = fc.constantFrom(
    Buffer.from('{\n  "messages": [\n'),
    Buffer.from("[{}]\n"),
    Buffer.from([0x1f, 0x8b, 8, 0, 10, 1]),
    Buffer.from([0xff, 0xfe, 0x7b, 0, 10, 0]),
    Buffer.from('{"text":"a"}\n{"text":"\xff"}\n', "latin1"),
  );
  fc.assert(
    fc.property(fc.oneof(file.map(bytesOf), odd), fc.array(fc.nat(40), { maxLength: 12 }), (content, pieces) => {
      const whole = check(content);
      expect(check(content, pieces)).toEqual(whole);
      expect(check(content, pieces, true)).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

const rulesOf = (content: string | Buffer, purpose: "fine-tune" | "batch" = "fine-tune") => {
  const checker = new DataSetChecker({ purpose });
  checker.see(Buffer.from(content));
  return checker.finish().problems.map(({ line, rule, message }) => `${line} ${rule} ${message}`);
};
const text = '{"text":"A text."}';
const talk = '{"messages":[{"role":"assistant","content":"a"}]}';

test.each([
  ["", "0 F3 has no lines"],
  ["\n \n", "0 F3 has no lines"],
  [Buffer.from([0x1f, 0x8b, 0x08, 0x00]), "0 F4 is gzip-compressed"],
  [Buffer.from("PK\x03\x04abc"), "0 F4 is a zip archive"],
  [Buffer.from([0xfe, 0xff, 0, 0x7b]), "0 F4 is UTF-16"],
  [Buffer.from(`{"text":"é\xff"}`.replace("é", "e"), "latin1"), "1 F4 byte 0xff at column 11 is not UTF-8"],
  [`[${talk},\n${talk}]`, "1 F6 begins a list; write one object a line"],
  ['{\n  "messages": []\n}', "1 F6 begins an object that goes over several lines; write one object a line"],
  [`${talk}\n${text}\n`, "2 F7 is plain text, the lines before are conversations"],
  ['{"custom_id":"1","body":{}}', "1 F7 is a request of a batch; a file for fine-tuning has conversations or texts"],
  [`${talk}\n${talk}\n`, "2 W1 is the same as line 1"],
])("fine-tuning 7: %j as a file has the problem %s", (content, problem) => {
  expect(rulesOf(content)).toEqual([problem]);
});

test("fine-tuning 7: a batch takes requests only, and a byte order mark and returns are let be", () => {
  expect(rulesOf(`${talk}\n`, "batch")).toEqual(["1 F7 is a conversation; a batch file has requests"]);
  expect(rulesOf('\ufeff{"custom_id":"1","body":{}}\r\n', "batch")).toEqual([]);
  expect(rulesOf(`\ufeff${text}\r\n`)).toEqual([]);
});

test("fine-tuning 7: a line of more than 4 MiB is refused without being kept, and the next is read", () => {
  const checker = new DataSetChecker(fineTune);
  const long = Buffer.alloc(1024 * 1024, "x");
  for (let n = 0; n < 6; n += 1) checker.see(long);
  expect(checker.save().length).toBeLessThan(lineBytesMost / 4);
  checker.see(Buffer.from(`\n${text}`));
  const { problems, good, bad } = checker.finish();
  expect(problems).toMatchObject([{ line: 1, rule: "F5", message: "is longer than 4 MiB" }]);
  expect({ good, bad }).toEqual({ good: 1, bad: 1 });
});

test("fine-tuning 7: more than 10,000,000 lines are too many", () => {
  const checker = new DataSetChecker(fineTune);
  checker.see(Buffer.from(`${text}\n`));
  const empty = Buffer.alloc(1_000_000, "\n");
  for (let n = 0; n < 10; n += 1) checker.see(empty);
  checker.see(Buffer.from(`${text}\n`));
  expect(checker.finish().problems.map(({ rule }) => rule)).toEqual(["F8"]);
});

test("fine-tuning 7: what stands in the other file too, and what is longer than the context, is warned of", () => {
  const others = new LineSet();
  others.add(text, 1);
  const checker = new DataSetChecker({ purpose: "fine-tune", others, countTokens: () => 5120 });
  checker.see(Buffer.from(`${text}\n`));
  const { problems, statistics } = checker.finish();
  expect(problems.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    "W2 is also in the validation file",
    "K1 has 5,120 tokens: cut to 2,048",
  ]);
  expect(statistics.tokens).toMatchObject({ total: 5120, isEstimate: false, cutShare: 1, longest: 5120 });
});

test("fine-tuning 7: a report names 10,000 problems and counts the rest", () => {
  const checker = new DataSetChecker(fineTune);
  checker.see(Buffer.from("{}\n".repeat(10_050)));
  const { problems, counts } = checker.finish();
  expect([problems.length, counts.C1]).toEqual([10_000, 10_050]);
});

test("fine-tuning 7: the numbers of a data set are those of its lines", () => {
  const tool = { type: "function", function: { name: "look", description: "Looks.", parameters: {} } };
  const called = { role: "assistant", tool_calls: [{ id: "abcdefgh1", function: { name: "look", arguments: "{}" } }] };
  const lines = [
    {
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "u" },
        { role: "assistant", content: "a" },
      ],
    },
    { messages: [{ role: "user", content: "u" }, called], tools: [tool] },
    { messages: [{ role: "user", content: "u" }, called], tools: [tool] },
  ];
  const checker = new DataSetChecker({
    purpose: "fine-tune",
    countTokens: (sample) => ("text" in sample ? 0 : sample.messages.length),
  });
  checker.see(Buffer.from(lines.map((one) => JSON.stringify(one)).join("\n")));
  expect(checker.finish().statistics).toEqual({
    conversations: 3,
    texts: 0,
    requests: 0,
    turns: 7,
    roles: { system: 1, user: 3, assistant: 3, tool: 0 },
    withTools: 2,
    toolCalls: 2,
    repeats: 1,
    tokens: {
      total: 7,
      isEstimate: false,
      median: 2,
      ninetyFifth: 3,
      longest: 3,
      cutShare: 0,
      histogram: [
        { upTo: 2, samples: 2 },
        { upTo: 3, samples: 1 },
      ],
    },
  });
});
