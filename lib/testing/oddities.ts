import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  body,
  both,
  delta,
  done,
  eventStream,
  events,
  json,
  message,
  type Oddity,
  usage,
  written,
} from "./odd-answers.ts";
import { oddCalls } from "./odd-calls.ts";
import { oddCounts } from "./odd-counts.ts";
import type { Scripted } from "./scripted-upstream.ts";

const html = { headers: { "content-type": "text/html" }, pieces: ["<html><body>502 Bad Gateway</body></html>"] };
const none = { problem: "unavailable" } as const;

const empty: Oddity[] = [
  { name: "a page of HTML with status 200", stream: html, whole: html, expected: none },
  { name: "plain text", stream: { pieces: ["loading model"] }, whole: { pieces: ["loading model"] }, expected: none },
  {
    name: "nothing at all",
    stream: { headers: eventStream, pieces: [] },
    whole: { headers: json, pieces: [] },
    expected: none,
  },
  { name: "nothing but the end", stream: events(done), expected: none },
  { name: "comments and then the end", stream: events(": hello\n\n", ": ping\n\n", done), expected: none },
  {
    name: "no choices",
    stream: events({ choices: [] }, { choices: [] }, done),
    whole: body({ choices: [] }),
    expected: none,
  },
  {
    name: "choices that are none",
    stream: events({ choices: {} }, done),
    whole: body({ choices: "x" }),
    expected: none,
  },
  {
    name: "choices of null",
    stream: events({ choices: [null] }, done),
    whole: body({ choices: [null] }),
    expected: none,
  },
  { name: "a role and nothing more", stream: events(delta({ role: "assistant", content: "" }), done), expected: none },
  { name: "usage and nothing more", stream: events({ choices: [], ...usage(5, 5) }, done), expected: none },
  {
    name: "JSON that is cut",
    stream: events('data: {"choices":[{\n\n'),
    whole: { headers: json, pieces: ['{"choices":[{'] },
    expected: none,
  },
  { name: "JSON of null", stream: events("data: null\n\n", done), whole: body(null), expected: none },
  { name: "a status 204", stream: { status: 204, pieces: [] }, whole: { status: 204, pieces: [] }, expected: none },
  {
    name: "an error by the event's name",
    stream: events('event: error\ndata: {"message":"out of memory"}\n\n'),
    expected: none,
  },
  {
    name: "an error as the object",
    whole: body({ object: "error", message: "bad", code: 400 }),
    stream: events({ object: "error", message: "bad", code: 400 }),
    expected: { problem: "invalid" },
  },
];

const whole: Oddity[] = [
  {
    name: "a status 201",
    stream: { ...events(delta({ content: "Hi" }, "stop"), done), status: 201 },
    whole: body(message({ content: "Hi" }), { status: 201 }),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "JSON although a stream was asked for",
    stream: body(message({ content: "Hi" })),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "a stream although none was asked for",
    whole: events(delta({ content: "Hi" }, "stop"), done),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "no content type",
    stream: { pieces: [written(delta({ content: "Hi" }, "stop")), done] },
    whole: { pieces: [JSON.stringify(message({ content: "Hi" }))] },
    expected: { content: "Hi" },
  },
  {
    name: "a byte order mark",
    stream: events("\uFEFF", delta({ content: "Hi" }, "stop"), done),
    whole: { headers: json, pieces: [`\uFEFF${JSON.stringify(message({ content: "Hi" }))}`] },
    expected: { content: "Hi" },
  },
  {
    name: "an end with spaces around it",
    stream: events(delta({ content: "Hi" }), "data:  [DONE] \n\n"),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "a last event without an empty line",
    stream: events(delta({ content: "Hi" }), `data: ${JSON.stringify(delta({}, "stop"))}`),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "no end behind the finish",
    stream: events(delta({ content: "Hi" }), delta({}, "length")),
    expected: { content: "Hi", finish: "length" },
  },
  {
    name: "a reset behind the finish",
    stream: { ...events(delta({ content: "Hi" }), delta({}, "stop")), end: "reset" },
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "a connection left open behind the finish",
    stream: { ...events(delta({ content: "Hi" }), delta({}, "stop")), end: "open" },
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "a connection left open behind the end",
    stream: { ...events(delta({ content: "Hi" }), done), end: "open" },
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "an error behind the finish",
    stream: events(delta({ content: "Hi" }), delta({}, "stop"), { error: { message: "late" } }),
    expected: { content: "Hi", finish: "stop" },
  },
  {
    name: "an end in the middle",
    stream: events(delta({ content: "Hi" })),
    expected: { content: "Hi", finish: "error" },
  },
  {
    name: "empty data between events",
    stream: events("data:\n\n", delta({ content: "Hi" }, "stop"), "data: \n\n", done),
    expected: { content: "Hi" },
  },
  {
    name: "nothing said, but that it is over",
    ...both({ content: "" }, "stop"),
    expected: { content: "", finish: "stop" },
  },
  ...(["gzip", "deflate", "br"] as const).map((coding): Oddity => {
    const pack = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[coding];
    const packed = (headers: Record<string, string>, text: string): Scripted => ({
      headers: { ...headers, "content-encoding": coding },
      pieces: [pack(text)],
    });
    return {
      name: `${coding} unasked`,
      stream: packed(eventStream, written(delta({ content: "Hi" }, "stop")) + done),
      whole: packed(json, JSON.stringify(message({ content: "Hi" }))),
      expected: { content: "Hi", finish: "stop" },
    };
  }),
];

const finishes: Oddity[] = [
  ["content_filter", "content_filter"],
  ["STOP", "stop"],
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["MAX_TOKENS", "length"],
  ["Length", "length"],
  ["", "stop"],
  ["model_length", "model_length"],
  ["SAFETY", "content_filter"],
  ["tool_calls", "stop"],
  ["abort", "error"],
  ["something new", "stop"],
].map(([said = "", finish = ""]) => ({
  name: `the finish "${said}"`,
  ...both({ content: "Hi" }, said),
  expected: { finish },
}));

const thoughts: Oddity[] = [
  ["reasoning_content", { reasoning_content: "Hm." }],
  ["reasoning", { reasoning: "Hm." }],
  ["both names", { reasoning_content: "Hm.", reasoning: "Hm." }],
  ["thinking", { thinking: "Hm." }],
  ["chunks", { content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }] }] }],
  ["chunks of text", { content: [{ type: "thinking", thinking: "Hm." }] }],
].map(([name, said]) => ({
  name: `thinking as ${name}`,
  ...both(said as object, "stop", usage(9, 3)),
  expected: { reasoning: "Hm.", finish: "stop", usage: { completionTokens: 3 } },
}));

export const oddities: readonly Oddity[] = [...empty, ...whole, ...finishes, ...thoughts, ...oddCounts, ...oddCalls];
