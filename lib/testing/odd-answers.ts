import type { Scripted } from "./scripted-upstream.ts";

/** What has been seen of inference servers, and what is to be made of it. */
export type Oddity = {
  name: string;
  /** The answer to a request for a stream and to one for the whole; one that is left out is not asked for. */
  stream?: Scripted;
  whole?: Scripted;
  expected: { problem: "unavailable" | "invalid" } | OddAnswer;
};

export type OddAnswer = {
  content?: string | null;
  reasoning?: string;
  calls?: { name: string; arguments: string }[];
  finish?: string;
  usage?: { promptTokens?: number; cachedTokens?: number; completionTokens?: number; estimated?: true };
};

export const eventStream = { "content-type": "text/event-stream" };
export const json = { "content-type": "application/json" };

type Written = string | object;
export const written = (one: Written): string => (typeof one === "string" ? one : `data: ${JSON.stringify(one)}\n\n`);
export const events = (...all: Written[]): Scripted => ({ headers: eventStream, pieces: all.map(written) });
export const body = (whole: unknown, more: Partial<Scripted> = {}): Scripted => ({
  headers: json,
  pieces: [JSON.stringify(whole)],
  ...more,
});
export const done = "data: [DONE]\n\n";
export const delta = (said: object, finish: string | null = null, more: object = {}) => ({
  choices: [{ index: 0, delta: said, finish_reason: finish }],
  ...more,
});
export const message = (said: object, finish: string | null = "stop", more: object = {}) => ({
  choices: [{ index: 0, message: { role: "assistant", ...said }, finish_reason: finish }],
  ...more,
});
export const usage = (prompt_tokens: number, completion_tokens: number, more: object = {}) => ({
  usage: { prompt_tokens, completion_tokens, ...more },
});
/** The same said whole and streamed. */
export const both = (said: object, finish: string | null, more: object = {}) => ({
  stream: events(delta(said), delta({}, finish), { choices: [], ...more }, done),
  whole: body(message(said, finish, more)),
});
