import { body, both, delta, done, events, message, type Oddity } from "./odd-answers.ts";
import type { Scripted } from "./scripted-upstream.ts";

const [paris, oslo] = [
  { name: "weather", arguments: '{"city":"Paris"}' },
  { name: "weather", arguments: '{"city":"Oslo {"}' },
];
const call = (more: object, called: object) => ({ type: "function", ...more, function: called });
const streamed = (...pieces: object[][]): Scripted =>
  events(...pieces.map((tool_calls) => delta({ tool_calls })), delta({}, "tool_calls"), done);
const head = paris.arguments.slice(0, 6);
const tail = paris.arguments.slice(6);

const streamedCalls: Oddity[] = (
  [
    [
      "ids that differ at one index",
      streamed([call({ index: 0, id: "a" }, paris)], [call({ index: 0, id: "b" }, oslo)]),
    ],
    ["ids and no index", streamed([call({ id: "a" }, paris)], [call({ id: "b" }, oslo)])],
    ["neither ids nor indexes", streamed([call({}, paris)], [call({}, oslo)])],
    ["neither, both in one event", streamed([call({}, paris), call({}, oslo)])],
    ["one index and no ids", streamed([call({ index: 0 }, paris)], [call({ index: 0 }, oslo)])],
    ["one id for both", streamed([call({ index: 0, id: "a" }, paris)], [call({ index: 1, id: "a" }, oslo)])],
    [
      "one id for both, in pieces",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: "" })],
        [call({ index: 1, id: "a" }, { name: "weather", arguments: "" })],
        [call({ index: 0 }, { arguments: paris.arguments })],
        [call({ index: 1 }, { arguments: oslo.arguments })],
      ),
    ],
    [
      "ids in every piece",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: head })],
        [call({ index: 0, id: "a" }, { arguments: tail })],
        [call({ index: 1, id: "b" }, oslo)],
      ),
    ],
    [
      "ids alone in every piece, in turns",
      streamed(
        [call({ id: "a" }, { name: "weather", arguments: head })],
        [call({ id: "b" }, { name: "weather", arguments: oslo.arguments.slice(0, 4) })],
        [call({ id: "a" }, { arguments: tail })],
        [call({ id: "b" }, { arguments: oslo.arguments.slice(4) })],
      ),
    ],
    [
      "another id in every piece",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: head })],
        [call({ index: 0, id: "a2" }, { arguments: tail })],
        [call({ index: 1, id: "b" }, oslo)],
      ),
    ],
    [
      "ids of null and nothing behind the first",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: "" })],
        [call({ index: 0, id: null }, { name: null, arguments: head })],
        [call({ index: 0, id: "" }, { name: "", arguments: tail })],
        [call({ index: 1, id: "b" }, oslo)],
      ),
    ],
    [
      "the name in every piece",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: head })],
        [call({ index: 0 }, { name: "weather", arguments: tail })],
        [call({ index: 1, id: "b" }, oslo)],
      ),
    ],
    [
      "one index, pieces, a new id for the second",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: head })],
        [call({ index: 0 }, { arguments: tail })],
        [call({ index: 0, id: "b" }, { name: "weather", arguments: "" })],
        [call({ index: 0 }, { arguments: oslo.arguments })],
      ),
    ],
    [
      "an index that begins at one",
      streamed([call({ index: 1, id: "a" }, paris)], [call({ index: 2, id: "b" }, oslo)]),
    ],
    [
      "pieces without id or index behind the first",
      streamed(
        [call({ id: "a" }, { name: "weather", arguments: head })],
        [call({}, { arguments: tail })],
        [call({ id: "b" }, oslo)],
      ),
    ],
    [
      "an id that comes late",
      streamed(
        [call({ index: 0 }, { name: "weather", arguments: "" })],
        [call({ index: 0, id: "a" }, { arguments: paris.arguments })],
        [call({ index: 1, id: "b" }, oslo)],
      ),
    ],
    [
      "arguments that are JSON",
      streamed(
        [call({ index: 0, id: "a" }, { name: "weather", arguments: { city: "Paris" } })],
        [call({ index: 1, id: "b" }, { name: "weather", arguments: { city: "Oslo {" } })],
      ),
    ],
  ] as const
).map(([name, stream]) => ({
  name: `calls with ${name}`,
  stream,
  expected: { calls: [paris, oslo], finish: "tool_calls" },
}));

const otherCalls: Oddity[] = [
  {
    name: "whole calls with one id",
    whole: body(
      message(
        { content: null, tool_calls: [call({ id: "a", index: 0 }, paris), call({ id: "a", index: 0 }, oslo)] },
        "stop",
      ),
    ),
    expected: { content: null, calls: [paris, oslo], finish: "tool_calls" },
  },
  {
    name: "a call without arguments",
    whole: body(message({ tool_calls: [call({ id: "a" }, { name: "now" })] }, "tool_calls")),
    stream: streamed([call({ id: "a", index: 0 }, { name: "now" })]),
    expected: { calls: [{ name: "now", arguments: "{}" }], finish: "tool_calls" },
  },
  {
    name: "a refusal in words",
    ...both({ content: null, refusal: "No." }, "stop"),
    expected: { content: "No.", finish: "stop" },
  },
];

/** Calls as servers write them, whole and in pieces. */
export const oddCalls: readonly Oddity[] = [...streamedCalls, ...otherCalls];
