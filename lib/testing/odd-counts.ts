import { both, delta, done, events, type Oddity, usage } from "./odd-answers.ts";

/** 64 characters: sixteen tokens where no one counts. */
const text = "x".repeat(64);
/** What the requests of the suite may take. */
export const oddityBounds = { promptTokens: 100, completionTokens: 50 };

export const oddCounts: readonly Oddity[] = [
  {
    name: "no usage",
    ...both({ content: text }, "stop"),
    expected: { usage: { completionTokens: 16, estimated: true } },
  },
  {
    name: "usage of zero",
    ...both({ content: text }, "stop", usage(0, 0)),
    expected: { usage: { completionTokens: 16, estimated: true } },
  },
  {
    name: "usage of null",
    ...both({ content: text }, "stop", { usage: { prompt_tokens: null, completion_tokens: null } }),
    expected: { usage: { completionTokens: 16, estimated: true } },
  },
  {
    name: "negative usage",
    ...both({ content: text }, "stop", usage(-4, -4)),
    expected: { usage: { completionTokens: 16, estimated: true } },
  },
  {
    name: "usage in words",
    ...both({ content: text }, "stop", { usage: { prompt_tokens: "12", completion_tokens: "many" } }),
    expected: { usage: { completionTokens: 16, estimated: true } },
  },
  {
    name: "more than was asked for",
    ...both({ content: text }, "stop", usage(90, 2_000_000_000)),
    expected: { usage: { promptTokens: 90, completionTokens: oddityBounds.completionTokens } },
  },
  {
    name: "more than a number holds",
    ...both({ content: text }, "stop", usage(1e300, 1e300)),
    expected: { usage: oddityBounds },
  },
  {
    name: "more cached than read",
    ...both({ content: text }, "stop", usage(20, 16, { prompt_tokens_details: { cached_tokens: 4000 } })),
    expected: { usage: { promptTokens: 20, cachedTokens: 20, completionTokens: 16 } },
  },
  {
    name: "thinking that is counted apart",
    ...both(
      { content: text },
      "stop",
      usage(20, 16, { total_tokens: 46, completion_tokens_details: { reasoning_tokens: 10 } }),
    ),
    expected: { usage: { completionTokens: 26 } },
  },
  {
    name: "thinking that is counted with the rest",
    ...both(
      { content: text },
      "stop",
      usage(20, 16, { total_tokens: 36, completion_tokens_details: { reasoning_tokens: 10 } }),
    ),
    expected: { usage: { completionTokens: 16 } },
  },
  {
    name: "a later frame with less",
    stream: events(delta({ content: text }), delta({}, "stop", usage(20, 16)), { choices: [], ...usage(0, 0) }, done),
    expected: { usage: { promptTokens: 20, completionTokens: 16 } },
  },
  {
    name: "usage that grows",
    stream: events(
      delta({ content: text }, null, usage(20, 8)),
      delta({ content: text }, null, usage(20, 30)),
      delta({}, "stop"),
      done,
    ),
    expected: { usage: { promptTokens: 20, completionTokens: 30 } },
  },
  {
    name: "usage of the beginning only",
    stream: events(delta({ content: "" }, null, usage(20, 1)), delta({ content: text }), delta({}, "stop"), done),
    expected: { usage: { promptTokens: 20, completionTokens: 17, estimated: true } },
  },
  {
    name: "a choice no one asked for",
    stream: events(
      delta({ content: "Hi" }),
      {
        choices: [
          { index: 1e9, delta: { content: "a" } },
          { index: 5, delta: { content: "b" } },
        ],
      },
      delta({}, "stop"),
      done,
    ),
    expected: { finish: "stop" },
  },
];
