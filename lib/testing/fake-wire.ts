/** Whose habits a fake upstream has: how usage, ids and ends are spelled. */
export type FakeStyle = "vllm" | "ollama" | "llamacpp";

export type FakeAnswer = {
  /** Pieces of the text, each an event of a stream. */
  text?: string[];
  /** Pieces of what is thought before. */
  thinking?: string[];
  toolCalls?: { id?: string; name: string; arguments: string }[];
  finish?: string | null;
  promptTokens?: number;
  completionTokens?: number;
  cachedTokens?: number;
  /** Leaves usage out, as some servers do. */
  withoutUsage?: boolean;
  vectors?: number[][];
  status?: number;
  headers?: Record<string, string>;
  message?: string;
  /** Sent as it is instead of an answer. */
  raw?: unknown;
  /** Sent as it is, and is no JSON. */
  broken?: string;
  delayMs?: number;
  /** Pause between the head of a stream and its first event. */
  silenceMs?: number;
  /** Pause between events. */
  paceMs?: number;
  failure?: "hang" | "drop" | "error-in-stream" | "drop-in-stream" | "hang-in-stream" | "end-in-stream";
  /** Events that get through before a failure inside a stream. */
  failAfter?: number;
};

type Body = Record<string, unknown>;

/** The JSON of an answer that is not streamed. */
export function wholeAnswer(path: string, body: Body, style: FakeStyle, answer: FakeAnswer): unknown {
  if (path.endsWith("/embeddings")) return embeddings(body, style, answer);
  const { text = ["Hello", " there."], thinking, toolCalls, finish = "stop" } = answer;
  const count = style === "ollama" ? 1 : Number(body.n ?? 1);
  const choices = Array.from({ length: count }, (_, index) => ({
    index,
    ...(path.endsWith("/chat/completions")
      ? {
          message: {
            role: "assistant",
            content: toolCalls ? null : text.join(""),
            reasoning_content: thinking?.join(""),
            tool_calls: toolCalls?.map(wholeCall),
          },
        }
      : { text: text.join("") }),
    finish_reason: toolCalls ? "tool_calls" : finish,
    logprobs: null,
  }));
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: body.model,
    choices,
    usage: usageOf(answer),
  };
}

/** The events of a streamed answer, each as it goes over the wire. */
export function wireEvents(body: Body, style: FakeStyle, answer: FakeAnswer): string[] {
  const { text = ["Hello", " there."], toolCalls = [], finish = toolCalls.length > 0 ? "tool_calls" : "stop" } = answer;
  const options = body.stream_options as { include_usage?: boolean } | undefined;
  const reports = !answer.withoutUsage && options?.include_usage === true;
  const isGap = typeof body.prompt === "string";
  const piece = (content: string) => (isGap ? { text: content } : { delta: { role: "assistant", content } });
  const thought = (answer.thinking ?? []).map((text) => ({ delta: { reasoning_content: text }, finish_reason: null }));
  const chunks: unknown[] = thought.map((choice) => chunk(choice, style, reports));
  const texts = (toolCalls.length > 0 ? [] : text).map((content) =>
    chunk({ ...piece(content), finish_reason: null }, style, reports),
  );
  chunks.push(...texts);
  for (const delta of toolCalls.flatMap((call, index) => callPieces(call, index, style))) {
    chunks.push(chunk({ delta, finish_reason: null }, style, reports));
  }
  const last = isGap ? { text: "", finish_reason: finish } : { delta: {}, finish_reason: finish };
  const end = chunk(last, style, reports);
  // llama.cpp tells the usage with the finish, the others in a chunk of its own.
  chunks.push(style === "llamacpp" && reports ? { ...end, usage: usageOf(answer) } : end);
  if (style !== "llamacpp" && reports) chunks.push({ ...envelope, choices: [], usage: usageOf(answer) });
  const lineEnd = style === "ollama" ? "\r\n" : "\n";
  return [...chunks.map((one) => `data: ${JSON.stringify(one)}`), "data: [DONE]"].map(
    (line) => line + lineEnd + lineEnd,
  );
}

const envelope = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "fake" };

function chunk(choice: Record<string, unknown>, style: FakeStyle, reports: boolean): Record<string, unknown> {
  return { ...envelope, choices: [{ index: 0, ...choice }], ...(style === "vllm" && reports ? { usage: null } : {}) };
}

type Call = NonNullable<FakeAnswer["toolCalls"]>[number];

const wholeCall = ({ id = "chatcmpl-tool-0123456789abcdef", name, arguments: text }: Call, index: number): unknown => ({
  id,
  index,
  type: "function",
  function: { name, arguments: text },
});

/** vLLM and llama.cpp name the function in the first piece only; Ollama sends calls whole. */
function callPieces(call: Call, index: number, style: FakeStyle): unknown[] {
  if (style === "ollama") return [{ role: "assistant", content: "", tool_calls: [wholeCall(call, index)] }];
  const middle = Math.ceil(call.arguments.length / 2);
  const id = call.id ?? "chatcmpl-tool-0123456789abcdef";
  return [
    { tool_calls: [{ index, id, type: "function", function: { name: call.name, arguments: "" } }] },
    { tool_calls: [{ index, function: { arguments: call.arguments.slice(0, middle) } }] },
    { tool_calls: [{ index, function: { arguments: call.arguments.slice(middle) } }] },
  ];
}

function usageOf({ promptTokens = 11, completionTokens = 7, cachedTokens, withoutUsage }: FakeAnswer): unknown {
  if (withoutUsage) return undefined;
  const details = cachedTokens === undefined ? null : { cached_tokens: cachedTokens };
  const total_tokens = promptTokens + completionTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens,
    prompt_tokens_details: details,
  };
}

function embeddings(body: Body, style: FakeStyle, { vectors, promptTokens = 5, withoutUsage }: FakeAnswer): unknown {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const listed = vectors ?? inputs.map((_, at) => [at, 0.5, 0.25]);
  const usage = withoutUsage ? undefined : { prompt_tokens: promptTokens, total_tokens: promptTokens };
  const data = listed.map((embedding, index) => ({ object: "embedding", index, embedding }));
  return { ...(style === "ollama" ? {} : { id: "embd-1" }), object: "list", model: body.model, data, usage };
}
