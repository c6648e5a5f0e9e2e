import { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { ChatRequest, FimRequest, Sampling } from "#lib/engine/port/port.ts";

/** More than any of the requests of a test takes. */
export const bounds = { promptTokens: 100_000, completionTokens: 100_000 };

/** A chat request as the door of `/v1` would hand it over; for tests. */
export function chatRequest(
  question: string,
  more: Partial<Omit<ChatRequest, "sampling">> & { sampling?: Partial<Sampling> } = {},
): ChatRequest {
  return {
    kind: "chat",
    model: "model-1",
    messages: [{ role: "user", content: question }],
    n: 1,
    tools: [],
    toolChoice: "auto",
    parallelToolCalls: true,
    responseFormat: { type: "text" },
    extras: {},
    bounds,
    ...more,
    sampling: { stop: [], ...more.sampling },
  };
}

export const fimRequest = (prompt: string, suffix: string, sampling: Partial<Sampling> = {}): FimRequest => ({
  kind: "fim",
  model: "model-1",
  prompt,
  suffix,
  bounds,
  sampling: { stop: [], ...sampling },
});

export const never = (): Cancellation => new Cancellation();
