import { expect, test } from "vitest";
import { checkLine } from "./line.ts";
import { mendLine } from "./mend.ts";
import { isError, type RuleId, rules } from "./rules.ts";

const line = (value: unknown): string => JSON.stringify(value);
const said = (...messages: unknown[]): string => line({ messages });
const user = { role: "user", content: "Where is it?" };
const answer = { role: "assistant", content: "Here." };
const call = (id: unknown, args: unknown = "{}", name = "look") => ({ id, function: { name, arguments: args } });
const asks = (...calls: unknown[]) => ({ role: "assistant", tool_calls: calls });
const tells = (id?: unknown) => ({ role: "tool", content: "4", ...(id === undefined ? {} : { tool_call_id: id }) });
const id = "abcdefgh1";
const tool = (parameters: unknown) => ({
  type: "function",
  function: { name: "look", description: "Looks.", parameters },
});

/** Of each rule: a wrong line, the words it is refused with, and what becomes of it when it is mended. */
type Case = [rule: RuleId, wrong: string, words: string, mended: string | null | "stays"];

const cases: Case[] = [
  ["J1", "{'messages': []}", "is not valid JSON at column 2: a property name in double quotes was expected", "stays"],
  ["J1", '{"messages": [}', "is not valid JSON at column 15: a value was expected", "stays"],
  ["J1", '{"text": "a"', "is not valid JSON at column 13: a comma or } was expected", "stays"],
  ["J1", '{"text": "a\tb"}', "is not valid JSON at column 12: a control character has to be escaped", "stays"],
  ["J1", '{"text": 01}', "is not valid JSON at column 11: a comma or } was expected", "stays"],
  ["J1", '{"text": "a"} x', "is not valid JSON at column 15: nothing more was expected", "stays"],
  ["J1", "[".repeat(5000), "nests more than 256 levels deep", "stays"],
  ["J2", "[]", "is a list; write an object in braces", "stays"],
  ["J2", "null", "is null; write an object in braces", "stays"],
  ["C1", line({ messages: [user, answer], interactions: [user] }), "has both messages and interactions", "stays"],
  ["C1", line({ prompt: "a" }), "has none of messages, interactions and text", "stays"],
  [
    "C1",
    line({
      conversations: [
        { from: "human", value: "a" },
        { from: "gpt", value: "b" },
      ],
    }),
    "has none of messages, interactions and text",
    said({ role: "user", content: "a" }, { role: "assistant", content: "b" }),
  ],
  ["C2", line({ messages: [] }), "has no messages", null],
  ["C2", line({ messages: "hello" }), "messages is a text; write a list", "stays"],
  ["C3", said(user), "has no answer to learn from", null],
  ["C3", said(user, { ...answer, weight: 0 }), "has no answer to learn from", null],
  [
    "C4",
    said({ role: "system", content: "One." }, { role: "system", content: "Two." }, user, answer),
    "messages.1: a second system message",
    said({ role: "system", content: "One.\n\nTwo." }, user, answer),
  ],
  [
    "C4",
    said({ role: "system", content: "One." }, user, { role: "system", content: "Two." }, user, answer),
    "messages.2: a second system message",
    "stays",
  ],
  ["C5", said(user, tells(id), answer), "messages.1: tool may not follow user", "stays"],
  ["C5", said(tells(id), answer), "messages.0: tool may not come first", "stays"],
  ["C6", said(user, answer, user), "must end with an assistant message, ends with user", said(user, answer)],
  [
    "C7",
    line({ messages: [user, answer], tools: [tool({ type: "object" })], available_tools: [] }),
    "has both tools and available_tools",
    line({ messages: [user, answer], tools: [tool({ type: "object" })] }),
  ],
  [
    "C8",
    line({ messages: [user, answer], tools: [tool({ type: "thing" })] }),
    "tools.0.function.parameters is no JSON Schema: type is",
    "stays",
  ],
  ["C8", line({ messages: [user, answer], tools: [{ type: "function" }] }), "tools.0.function is missing", "stays"],
  [
    "M1",
    said(user, { role: "bot", content: "Here." }),
    "messages.1.role is bot; system, user, assistant and tool are known",
    said(user, answer),
  ],
  ["M1", said({ content: "a" }, answer), "messages.0.role is missing; system", "stays"],
  ["M1", said("hello", answer), "messages.0 is a text; write an object", "stays"],
  ["M2", said({ role: "user", content: "a", text: "b" }, answer), "messages.0 has both content and text", "stays"],
  ["M2", said({ role: "user" }, answer), "messages.0 has neither content nor text", "stays"],
  ["M3", said({ role: "user", content: 5 }, answer), "messages.0.content is a number", "stays"],
  [
    "M3",
    said({ role: "user", content: [{ type: "image_url", image_url: "x" }] }, answer),
    "messages.0.content has an image; images are not learned from",
    "stays",
  ],
  [
    "M3",
    said(
      {
        role: "user",
        content: [
          { type: "text", text: "Where " },
          { type: "text", text: "is it?" },
        ],
      },
      answer,
    ),
    "messages.0.content is a list",
    said(user, answer),
  ],
  [
    "M4",
    said(user, { role: "assistant", content: "", tool_calls: [call(id)] }),
    "messages.1 has content and tool_calls; give one",
    said(user, asks(call(id))),
  ],
  ["M4", said(user, { role: "assistant" }), "messages.1 has neither content nor tool_calls", "stays"],
  [
    "M5",
    said(user, { ...answer, weight: 0.5 }),
    "messages.1.weight is 0.5; 0 or 1",
    said(user, { ...answer, weight: 1 }),
  ],
  [
    "M5",
    said({ ...user, weight: 1 }, answer),
    "messages.0.weight stands on another message; weight belongs to assistant messages",
    said(user, answer),
  ],
  [
    "T1",
    said(user, asks(call("call_1")), tells("call_1"), answer),
    "messages.1.tool_calls.0.id must be 9 letters or digits",
    "mended",
  ],
  ["T1", said(user, asks(call(id, "{}", "look up"))), "tool_calls.0.function.name must be 1 to 64 letters", "stays"],
  [
    "T2",
    said(user, asks(call(id, { a: 1 }))),
    "messages.1.tool_calls.0.function.arguments must be a string that holds JSON",
    said(user, asks(call(id, '{"a":1}'))),
  ],
  [
    "T3",
    said(user, asks(call(id)), tells(), answer),
    "messages.2.tool_call_id is missing; name the call it answers",
    said(user, asks(call(id)), tells(id), answer),
  ],
  ["T3", said(user, asks(call(id), call("abcdefgh2")), tells("x"), tells(id), answer), "answers no call", "stays"],
  ["T4", said(user, asks(call(id), call("abcdefgh2")), tells(id), answer), "messages.3: 2 calls, 1 answer", "stays"],
  ["T4", said(user, asks(call(id)), tells(id), tells(id), answer), "messages.3: 1 call, 2 answers", "stays"],
  ["K2", said(user, { role: "assistant", content: "  " }), "messages.1 has an empty answer", null],
];

test.each(cases)(
  "fine-tuning 7: %s refuses %s, says why, and mends it where it has one meaning",
  (rule, wrong, words, mended) => {
    const { problems, sample } = checkLine(wrong, 7);
    const found = problems.find((problem) => problem.rule === rule);
    expect(problems.map((problem) => problem.rule)).toContain(rule);
    expect(problems.every(({ line }) => line === 7)).toBe(true);
    expect(found?.message).toContain(words);
    expect(found?.mend).toBe(rules[rule].mend);
    expect(sample).toBeNull();
    const after = mendLine(wrong).line;
    if (mended === "stays") expect(after).toBe(wrong);
    else if (mended !== "mended") expect(after).toBe(mended);
    if (after !== null && after !== wrong) expect(checkLine(after, 7).problems.filter(isError)).toEqual([]);
  },
);

test.each([
  said(user, answer),
  said({ role: "system", content: "Be kind." }, user, { ...answer, weight: 0 }, user, { ...answer, weight: 1 }),
  line({ interactions: [user, answer] }),
  line({ text: "A text.", source: "a book" }),
  line({ messages: [user, asks(call(id)), tells(id), answer], tools: [tool({ type: "object", properties: {} })] }),
  said(user, asks(call(undefined))),
  said(user, { ...answer, tool_calls: null }),
  said(user, { content: null, ...asks(call(id)) }),
  said({ role: "user", text: "As text." }, answer),
  line({ custom_id: "1", body: { messages: [] } }),
])("fine-tuning 7: %s is right and stays as it is", (right) => {
  expect(checkLine(right, 1).problems).toEqual([]);
  expect(mendLine(right)).toEqual({ line: right, rules: [] });
});

test("fine-tuning 7: a problem names the place in the line, however deep it lies", () => {
  const wrong = said(user, asks(call(id), call("call_1")));
  const { problems } = checkLine(wrong, 1);
  expect(problems).toMatchObject([
    { rule: "T1", path: "messages.1.tool_calls.1.id", column: wrong.indexOf('"call_1"') + 1 },
  ]);
  const missing = said({ content: "a" }, answer);
  expect(checkLine(missing, 1).problems[0]?.column).toBe(missing.indexOf('{"content"') + 1);
});

test("fine-tuning 7: new ids are the same each time, and answers follow the calls they belong to", () => {
  const wrong = said(user, asks(call("a"), call("b")), tells("b"), tells("a"), answer);
  const mended = JSON.parse(mendLine(wrong).line ?? "");
  const [one, two] = mended.messages[1].tool_calls.map(({ id }: { id: string }) => id);
  expect(mended.messages.slice(2, 4).map((message: { tool_call_id: string }) => message.tool_call_id)).toEqual([
    two,
    one,
  ]);
  expect(one).not.toBe(two);
  expect(mendLine(wrong)).toEqual(mendLine(wrong));
});

test("fine-tuning 7: what looks like an API key is warned of, and neither said nor refused", () => {
  const key = `sk-${"a1".repeat(16)}`;
  const { problems, sample } = checkLine(said(user, { ...answer, content: `Use ${key}.` }), 3);
  expect(problems).toMatchObject([{ line: 3, rule: "W3" }]);
  expect(JSON.stringify(problems)).not.toContain(key);
  expect(sample).not.toBeNull();
});

test("fine-tuning 7: a line's problems are bounded however much is wrong with it", () => {
  expect(checkLine(said(...Array.from({ length: 5000 }, () => ({ role: "bot" }))), 1).problems.length).toBe(20);
});
