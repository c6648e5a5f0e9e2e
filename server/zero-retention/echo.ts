import { AppError, AskedFailure } from "#lib/core/errors.ts";
import type { Engines } from "#lib/engine/engines.ts";
import type { Completion, CompletionStream, Engine } from "#lib/engine/port/port.ts";

const usage = { promptTokens: 1, cachedTokens: 0, completionTokens: 1 };

/** What was asked, in one text. */
const textOf = (request: object): string => JSON.stringify(request);

/** Fails where what is asked says so. */
function refuseOnDemand(text: string): void {
  if (text.includes("fail-unavailable")) throw new AppError("unavailable", "The engine does not answer.");
  if (text.includes("fail-invalid")) throw new AppError("invalid", "The engine refuses this request.");
  // What breaks repeats what it was given, as drivers and parsers do.
  if (text.includes("fail-broken")) throw new AskedFailure(`The engine broke at ${text}`);
}

async function complete(request: object): Promise<Completion> {
  const text = textOf(request);
  refuseOnDemand(text);
  const message = { role: "assistant" as const, content: text, tool_calls: null, prefix: false as const };
  return { choices: [{ index: 0, message, finish_reason: "stop" }], usage };
}

async function stream(request: object): Promise<CompletionStream> {
  const text = textOf(request);
  refuseOnDemand(text);
  const deltas = async function* () {
    for (const content of text.match(/[\s\S]{1,64}/g) ?? []) yield { index: 0, content, finish: null };
    if (text.includes("fail-midway")) throw new AskedFailure(`The engine broke after ${text}`);
    yield { index: 0, finish: "stop" as const };
  };
  return Object.assign(deltas(), { usage: () => usage });
}

const echo: Engine = {
  complete,
  stream,
  embed: async ({ inputs }) => {
    refuseOnDemand(textOf(inputs));
    return { vectors: inputs.map(() => [1, 0]), promptTokens: 1 };
  },
  moderate: async ({ inputs }) => ({ verdicts: inputs.map(() => ({ categories: {}, scores: {} })), promptTokens: 1 }),
  countTokens: () => 1,
  forget: () => undefined,
  close: async () => undefined,
};

/** An engine that repeats what it is asked and fails on demand, in place of every model: for checks that no upstream sees. */
export const echoEngines = (): Engines => ({
  of: () => echo,
  quiet: () => echo,
  health: () => [],
  forget: () => undefined,
  listen: () => undefined,
  close: async () => undefined,
});
