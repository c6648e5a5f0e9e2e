import fc from "fast-check";
import OpenAI from "openai";
import { expect, test } from "vitest";
import type { CallPiece, Delta, FinishReason, ToolCall } from "#lib/engine/port/port.ts";
import { Output } from "./output.ts";

/** A text in pieces, some of them empty. */
const pieces = fc.array(fc.string({ unit: "binary", maxLength: 8 }), { maxLength: 6 });
const finishes = fc.constantFrom<FinishReason>("stop", "length", "content_filter", "tool_calls");
const answers = fc.record({
  thoughts: pieces,
  texts: pieces,
  calls: fc.array(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 8 }), given: pieces, isShown: fc.boolean() }),
    {
      maxLength: 3,
    },
  ),
  finish: finishes,
  isSummarized: fc.boolean(),
});
type Answer = typeof answers extends fc.Arbitrary<infer A> ? A : never;

const toolCalls = ({ calls }: Answer): ToolCall[] =>
  calls.map(({ name, given }, index) => ({
    id: `call${index}`,
    type: "function",
    index,
    function: { name, arguments: given.join("") },
  }));

function deltas(answer: Answer): Delta[] {
  const { thoughts, texts, calls, finish } = answer;
  const shown = calls.flatMap(({ name, given, isShown }, index): CallPiece[] =>
    isShown
      ? [{ index, id: `call${index}`, name, arguments: "" }, ...given.map((text) => ({ index, arguments: text }))]
      : [],
  );
  return [
    ...thoughts.map((reasoning) => ({ index: 0, reasoning, finish: null })),
    ...texts.map((content) => ({ index: 0, content, finish: null })),
    ...shown.map((piece) => ({ index: 0, pieces: [piece], finish: null })),
    ...(calls.length > 0 ? [{ index: 0, toolCalls: toolCalls(answer), finish: null }] : []),
    { index: 0, finish },
  ];
}

/** Items without their ids, which are made anew, in the order of what they are: calls that are shown early come early. */
const plain = (items: readonly object[]) =>
  items
    .map((item) => ({ ...item, id: undefined }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** What the official client makes of the events. */
async function assembled(frames: string) {
  const client = new OpenAI({
    apiKey: "none",
    maxRetries: 0,
    fetch: async () => new Response(frames, { headers: { "content-type": "text/event-stream" } }),
  });
  return client.responses.stream({ model: "m", input: "x" }).finalResponse();
}

test("events put together by the official client are the whole answer, in whatever pieces it came", async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      const { thoughts, texts, finish, isSummarized } = answer;
      const streamed = new Output({ isSummarized, names: new Map() });
      const begun = streamed.event("response.created", {
        response: { id: "resp_1", status: "in_progress", output: [] },
      });
      const frames =
        begun +
        deltas(answer)
          .map((delta) => streamed.next(delta))
          .join("") +
        streamed.end();
      const whole = new Output({ isSummarized, names: new Map() });
      const calls = toolCalls(answer);
      whole.next({ index: 0, content: texts.join(""), reasoning: thoughts.join(""), toolCalls: calls, finish });
      whole.end();
      expect(plain(streamed.items)).toEqual(plain(whole.items));
      const { output } = await assembled(frames);
      const said = output.map((item) =>
        JSON.parse(JSON.stringify({ ...item, parsed: undefined, parsed_arguments: undefined })),
      );
      for (const item of said) for (const part of item.content ?? []) delete part.parsed;
      expect(said).toEqual(JSON.parse(JSON.stringify(streamed.items)));
      const numbers = [...frames.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
      expect(numbers).toEqual(numbers.map((_, at) => at));
    }),
    { numRuns: 300 },
  );
});

test("an answer that is cut ends what has begun as incomplete", () => {
  const output = new Output({ isSummarized: false, names: new Map() });
  output.next({ index: 0, content: "Hel", finish: null });
  output.next({ index: 0, pieces: [{ index: 0, id: "c", name: "f", arguments: '{"a' }], finish: null });
  output.cut();
  output.end();
  expect(output.items).toMatchObject([
    { type: "message", status: "completed", content: [{ text: "Hel" }] },
    { type: "function_call", status: "incomplete", arguments: '{"a' },
  ]);
  expect(output.finish).toBe("length");
});
