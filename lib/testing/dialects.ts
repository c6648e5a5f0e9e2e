/** What an inference server has to say, before it is written in its way. */
export type Meant = {
  thinking: string[];
  text: string[];
  calls: { name: string; arguments: string }[];
  prompt: number;
  cached: number;
  completion: number;
};

/** How a server writes an answer: the events of a stream as their JSON, and the JSON of the whole. */
export type Dialect = {
  name: string;
  events: (meant: Meant) => unknown[];
  whole: (meant: Meant) => unknown;
  lineEnd?: string;
};

type Habits = {
  /** A piece of thinking, in a delta or a message. */
  think: (text: string) => Record<string, unknown>;
  /** The pieces of a call, each in an event of its own. */
  pieces: (call: Meant["calls"][number], index: number) => unknown[];
  usage: (meant: Meant) => Record<string, unknown>;
  /** Whether usage comes with the finish rather than behind it. */
  endsWithUsage?: boolean;
  stop?: string;
  lineEnd?: string;
};

const envelope = { id: "cmpl-1", object: "chat.completion.chunk", created: 1, model: "served" };
const event = (delta: unknown, finish_reason: string | null = null, more: object = {}) => ({
  ...envelope,
  choices: [{ index: 0, delta, finish_reason }],
  ...more,
});

const base = ({ prompt, completion }: Meant) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});
const detailed = (meant: Meant) => ({ ...base(meant), prompt_tokens_details: { cached_tokens: meant.cached } });

const idOf = (index: number): string => `call_${"abcdefgh"[index]}${index}234567890`;

function dialect(name: string, habits: Habits): Dialect {
  const { think, pieces, usage, endsWithUsage = false, stop = "stop", lineEnd = "\n" } = habits;
  const finishOf = ({ calls }: Meant): string => (calls.length > 0 ? "tool_calls" : stop);
  return {
    name,
    lineEnd,
    events: (meant) => [
      event({ role: "assistant", content: "" }),
      ...meant.thinking.map((text) => event(think(text))),
      ...meant.text.map((content) => event({ content })),
      ...meant.calls.flatMap((call, index) => pieces(call, index).map((piece) => event({ tool_calls: [piece] }))),
      event({}, finishOf(meant), endsWithUsage ? usage(meant) : {}),
      ...(endsWithUsage ? [] : [{ ...envelope, choices: [], ...usage(meant) }]),
    ],
    whole: (meant) => {
      const thought = meant.thinking.join("");
      const text = meant.text.join("");
      const said = thought === "" ? {} : think(thought);
      const chunks = Array.isArray(said.content) ? [...said.content, { type: "text", text }] : undefined;
      const tool_calls = meant.calls.map(({ name, arguments: written }, index) => ({
        id: idOf(index),
        type: "function",
        function: { name, arguments: written },
      }));
      const message = { role: "assistant", ...said, content: chunks ?? text, tool_calls };
      return { ...envelope, choices: [{ index: 0, message, finish_reason: finishOf(meant) }], ...usage(meant) };
    },
  };
}

/** Head and two halves, as most write: the id and the name come once. */
const inPieces = ({ name, arguments: text }: Meant["calls"][number], index: number): unknown[] => {
  const middle = Math.ceil(text.length / 2);
  return [
    { index, id: idOf(index), type: "function", function: { name, arguments: "" } },
    { index, function: { arguments: text.slice(0, middle) } },
    { index, function: { arguments: text.slice(middle) } },
  ];
};

export const dialects: readonly Dialect[] = [
  dialect("vllm", {
    think: (text) => ({ reasoning_content: text, reasoning: text }),
    pieces: inPieces,
    usage: (meant) => ({ usage: detailed(meant) }),
  }),
  dialect("ollama", {
    think: (text) => ({ reasoning: text }),
    // Whole calls, all of them with the same number.
    pieces: ({ name, arguments: text }, index) => [
      { index: 0, id: idOf(index), type: "function", function: { name, arguments: text } },
    ],
    usage: (meant) => ({ usage: { ...base(meant), cached_tokens: meant.cached } }),
    lineEnd: "\r\n",
  }),
  dialect("llamacpp", {
    think: (text) => ({ reasoning_content: text }),
    pieces: inPieces,
    usage: ({ prompt, cached, completion }) => ({
      timings: { cache_n: cached, prompt_n: prompt - cached, predicted_n: completion, predicted_ms: 12.5 },
    }),
    endsWithUsage: true,
  }),
  dialect("sglang", {
    think: (text) => ({ reasoning_content: text, content: null }),
    // The id is there in every piece, and so is the name as null.
    pieces: (call, index) =>
      inPieces(call, index).map((piece, at) => {
        const { function: called } = piece as { function: object };
        return { index, id: idOf(index), type: "function", function: at > 0 ? { name: null, ...called } : called };
      }),
    usage: (meant) => ({ usage: { ...base(meant), prompt_tokens_details: null, num_cached_tokens: meant.cached } }),
    stop: "eos",
  }),
  dialect("lmstudio", {
    think: (text) => ({ reasoning: text }),
    // No id behind the first piece but an empty one, and the name again.
    pieces: (call, index) =>
      inPieces(call, index).map((piece, at) => {
        const { function: called } = piece as { function: object };
        return at > 0 ? { index, id: "", function: { name: call.name, ...called } } : piece;
      }),
    usage: (meant) => ({ usage: { ...base(meant), input_tokens_details: { cached_tokens: meant.cached } } }),
  }),
  dialect("deepseek", {
    think: (text) => ({ reasoning_content: text, content: null }),
    pieces: inPieces,
    usage: (meant) => ({
      usage: {
        ...base(meant),
        prompt_cache_hit_tokens: meant.cached,
        prompt_cache_miss_tokens: meant.prompt - meant.cached,
      },
    }),
    endsWithUsage: true,
  }),
  dialect("openai", {
    think: (text) => ({ reasoning_content: text }),
    pieces: inPieces,
    usage: (meant) => ({ usage: detailed(meant) }),
  }),
  dialect("mistral", {
    think: (text) => ({ content: [{ type: "thinking", thinking: [{ type: "text", text }] }] }),
    // Whole calls without a number.
    pieces: ({ name, arguments: text }, index) => [{ id: idOf(index), function: { name, arguments: text } }],
    usage: (meant) => ({ usage: { ...base(meant), num_cached_tokens: meant.cached } }),
    endsWithUsage: true,
  }),
];

/** Events as bytes of a stream, ended as most end. */
export const streamOf = (events: readonly unknown[], lineEnd = "\n"): string =>
  [...events.map((one) => JSON.stringify(one)), "[DONE]"].map((data) => `data: ${data}${lineEnd}${lineEnd}`).join("");
