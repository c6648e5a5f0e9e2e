import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calledAgent, mentionsIn, withoutMention } from "./rules.ts";

const handles = (text: string): string[] => mentionsIn(text).map(({ handle }) => handle);
const anybody = () => true;

const calls: [why: string, text: string, handles: string[]][] = [
  ["the words of the terms", "@Agent what is the capital of France ?", ["agent"]],
  ["in the middle of a sentence", "Please ask @travel-planner about it", ["travel-planner"]],
  ["however it is written", "@TRAVEL-Planner hello", ["travel-planner"]],
  ["a comma after it", "@agent, please", ["agent"]],
  ["a full stop after it", "Ask @agent.", ["agent"]],
  ["a question mark after it", "Where is @agent?", ["agent"]],
  ["somebody's", "What is @agent's opinion?", ["agent"]],
  ["a dash after it", "@agent- go", ["agent"]],
  ["dashes and a letter no handle has", "@agent--étude", ["agent"]],
  ["in parentheses and quotation marks", '(@one) "@two" «@three» *@four*', ["one", "two", "three", "four"]],
  ["full-width letters", "＠Ａｇｅｎｔ 東京", ["agent"]],
  ["a small full-width sign", "﹫agent", ["agent"]],
  ["on a line of its own", "hello\n@agent\nthere", ["agent"]],
  ["after a tab and a hard space", "a\t@one\u00a0@two", ["one", "two"]],
  ["two of them", "@one @two", ["one", "two"]],
  ["32 letters", `@${"a".repeat(32)}`, ["a".repeat(32)]],
  ["33 letters", `@${"a".repeat(33)}`, []],
  ["an e-mail address", "write to a@b.c or first.last+tag@example.com", []],
  ["an e-mail address of a name in another script", "адрес@пример and é@agent", []],
  ["after a letter outside the first plane", "𝒳@agent", []],
  ["an address of a network of networks", "@agent@example.com", []],
  ["a domain", "@example.com", []],
  ["a package", "npm i @types/node", []],
  ["a letter right before", "hello@agent", []],
  ["a digit right before", "5@agent", []],
  ["an underscore on either side", "_@agent @agent_x", []],
  ["a link to a profile", "see https://example.com/@agent and x.example/@agent", []],
  ["a link that asks", "(https://example.com/?q=@agent,@two) @three", ["three"]],
  ["a link without its scheme", "www.example.com?@agent", []],
  ["a letter of mail", "mailto:@agent", []],
  ["before a link", "@agent,https://example.com", ["agent"]],
  ["escaped", "\\@agent", []],
  ["more letters than handles have", "@café @cafe\u0301 @агент", []],
  ["an emoji right before", "🙂@agent", ["agent"]],
  ["nothing after the sign", "@ agent, @", []],
  ["a dash right after the sign", "@-agent", []],
  ["twice the sign", "@@agent", []],
  ["code in a line", "run `@agent` and ``a ` @two`` but @three", ["three"]],
  ["backticks that do not close", "a ` b @agent", ["agent"]],
  ["backticks that would close in another paragraph", "a ` b\n\n@agent `", ["agent"]],
  ["code over two lines of one paragraph", "a `b\n@agent` c", []],
  ["a fenced block", "```\n@agent\n```\n@two", ["two"]],
  ["a fenced block of a language", "```python\n@agent\ndef f(): ...\n```", []],
  ["a fence of waves, with backticks inside", "~~~\n```\n@agent\n~~~\n@two", ["two"]],
  ["a longer fence around a shorter one", "````\n```\n@agent\n```\n````\n@two", ["two"]],
  ["a fence that never closes", "```\n@agent", []],
  ["a fence in a quotation, with Windows' line ends", "> ```\r\n> @agent\r\n> ```\r\n@two", ["two"]],
  ["backticks in a line that looks like a fence", "```@agent``` and @two", ["two"]],
];

describe("T-4.3-TAG what calls an agent and what does not", () => {
  test.each(calls)("%s", (_why, text, expected) => {
    expect(handles(text)).toEqual(expected);
  });
});

test("T-4.3-TAG of two agents the first that may be used is called; unknown and hidden ones are only text", () => {
  const usable = (handle: string) => ["two", "three"].includes(handle);
  expect(calledAgent("@one @two @three hello", usable)).toEqual({ handle: "two", start: 5, end: 9 });
  expect(calledAgent("@one hello", usable)).toBeNull();
  expect(calledAgent("hello", anybody)).toBeNull();
});

const without = (text: string) => {
  const mention = calledAgent(text, anybody);
  return mention && withoutMention(text, mention);
};

test.each([
  ["@Agent what is the capital of France ?", "what is the capital of France ?"],
  ["  @agent, please say", "please say"],
  ["@agent: -5 + 3", "-5 + 3"],
  ["＠agent：東京", "東京"],
  ["Ask @agent about it", "Ask @agent about it"],
  ["@agent", "@agent"],
  ["@agent ?", "?"],
])("T-4.3-TAG a call is taken out only where it begins the text: %s", (text, expected) => {
  expect(without(text)).toBe(expected);
});

const piece = fc.oneof(
  fc.constantFrom("@", "＠", "`", "```", "~~~", "\n", " ", "-", ".", "/", "://", "\\", "é", "🙂", "agent", "Ａ", "x9"),
  fc.string({ unit: "binary" }),
);
const texts = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

test("T-4.3-TAG every place is where its handle stands, in any text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      let last = 0;
      for (const { handle, start, end } of mentionsIn(text)) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(text.slice(start, end).normalize("NFKC").toLowerCase()).toBe(`@${handle}`);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

test("T-4.3-TAG a call among plain words is found wherever it stands, and is the only one", () => {
  const words = fc.array(fc.stringMatching(/^[a-z,.?!]{1,9}$/), { maxLength: 8 }).map((all) => all.join(" "));
  const handle = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
  fc.assert(
    fc.property(words, handle, words, (before, handle, after) => {
      const text = `${before} @${handle} ${after}`;
      const start = before.length + 1;
      expect(mentionsIn(text)).toEqual([{ handle, start, end: start + handle.length + 1 }]);
    }),
  );
});

const million = 1_000_000;
test.each([
  ["signs", "@".repeat(million)],
  ["signs and spaces", "@ ".repeat(million / 2)],
  ["calls", "@a ".repeat(million / 3)],
  ["calls without spaces", "@a,".repeat(million / 3)],
  ["long names", `@${"a-".repeat(40)}`.repeat(million / 81)],
  ["backticks", "`".repeat(million)],
  ["unequal backticks", Array.from({ length: 1400 }, (_, i) => "`".repeat(i)).join("@")],
  ["backticks and signs", "`@".repeat(million / 2)],
  ["fences", "```\n@a\n".repeat(million / 7)],
  ["marks of quotation", "> ".repeat(million / 2)],
  ["spaces", `@a${" ".repeat(million)}`],
  ["lines", "\n".repeat(million)],
  ["links", "http://".repeat(million / 7)],
])(
  "T-4.3-TAG a megabyte of %s is read at all: squared, it would take hours",
  (_name, text) => {
    const mention = calledAgent(text, () => false);
    withoutMention(text, { start: 0, end: 1 });
    expect(mention).toBeNull();
  },
  60_000,
);
