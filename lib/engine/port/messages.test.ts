import fc from "fast-check";
import { expect, test } from "vitest";
import { messages } from "./messages.ts";

const read = (...sent: object[]) => messages.parse(sent);

const noise = [
  "parsed",
  "index",
  "refusal",
  "audio",
  "function_call",
  "annotations",
  "id",
  "reasoning_details",
  "name",
  "tool_calls",
  "cache_control",
];
const anyNoise = fc.dictionary(fc.constantFrom(...noise), fc.constant(null));
const said = fc.oneof(
  fc.record({ role: fc.constant("user"), content: fc.string() }),
  fc.record({ role: fc.constant("assistant"), content: fc.string() }),
  fc.record({ role: fc.constant("tool"), content: fc.string(), tool_call_id: fc.constant("abcdefgh1") }),
  fc.record({ role: fc.constantFrom("system", "developer"), content: fc.string() }),
);

test("nulls and fields that are not known change nothing, in a message, its calls and its chunks", () => {
  const plain = { id: "abcdefgh1", type: "function", function: { name: "look", arguments: "{}" } };
  fc.assert(
    fc.property(fc.array(fc.tuple(said, anyNoise, fc.jsonValue()), { minLength: 1 }), (sent) => {
      const noisy = sent.map(([message, nulls, unknown]) => ({ ...nulls, ...message, unheard_of: unknown }));
      expect(messages.parse(noisy)).toEqual(messages.parse(sent.map(([message]) => message)));
      const calls = [{ ...plain, index: 0, function: { ...plain.function, parsed_arguments: sent[0]?.[2] ?? null } }];
      expect(read({ role: "assistant", content: null, tool_calls: calls })).toEqual([
        { role: "assistant", content: null, tool_calls: [plain] },
      ]);
    }),
  );
});

test("a developer speaks as the system does", () => {
  expect(read({ role: "developer", content: "Be brief." })).toEqual([{ role: "system", content: "Be brief." }]);
});

test("calls and answers in the older spelling become calls of tools, each answer to its call", () => {
  const call = (name: string) => ({ role: "assistant", content: null, function_call: { name, arguments: "{}" } });
  const answer = (name: string) => ({ role: "function", name, content: "42" });
  const found = read({ role: "user", content: "?" }, call("one"), answer("one"), call("two"), answer("two"));
  expect(found.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "tool"]);
  for (const at of [1, 3]) {
    const id = found[at]?.tool_calls?.[0]?.id;
    expect(id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(found[at + 1]?.tool_call_id).toBe(id);
  }
  expect(found[1]?.tool_calls?.[0]?.id).not.toBe(found[3]?.tool_calls?.[0]?.id);
});

test("chunks of other APIs are read under the names they have here, and thoughts are kept", () => {
  const content = [
    { type: "output_text", text: "a", annotations: [] },
    { type: "refusal", refusal: "no" },
    { type: "text", text: "b", cache_control: null },
    { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
  ];
  expect(read({ role: "assistant", content, reasoning: "hm" })).toEqual([
    {
      role: "assistant",
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "no" },
        { type: "text", text: "b", cache_control: null },
        { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
      ],
      reasoning_content: "hm",
    },
  ]);
  expect(read({ role: "assistant", content: null, refusal: "I will not." })[0]?.content).toBe("I will not.");
});

test.each([
  [{ content: "x" }],
  [{ role: "nobody", content: "x" }],
  [{ role: "system" }],
  [{ role: "developer", content: null }],
  [{ role: "user", content: 5 }],
  [{ role: "assistant", tool_calls: [{ function: { arguments: "{}" } }] }],
  [{ role: "assistant", tool_calls: [{ type: "custom", function: { name: "x", arguments: "{}" } }] }],
])("what a message must have is still required: %o is refused", (message) => {
  expect(messages.safeParse([message]).success).toBe(false);
});
