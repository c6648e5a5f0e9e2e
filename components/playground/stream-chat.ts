import { createEventReader, type StreamEvent } from "#lib/core/event-stream.ts";
import type { Tokens } from "#lib/core/money.ts";

export type Piece = { text: string; thought: string; finishReason: string | undefined; usage: Tokens | undefined };

type Chunk = {
  choices?: { delta?: { content?: string; reasoning_content?: string }; finish_reason?: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number; prompt_tokens_details?: { cached_tokens?: number } };
  message?: string;
  error?: { message?: string };
};

/** The key is not good any more: another tab has renewed it, or its hour is over. */
export class KeyEnded extends Error {}

/** The console talks to `/v1` exactly as any program does: over the network, with a key. */
export async function openChat(sent: string, secret: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", accept: "text/event-stream" },
    body: sent,
    signal,
    // Cookies have no business in the API.
    credentials: "omit",
  });
  if (response.status === 401) throw new KeyEnded(await refusal(response));
  if (!response.ok) throw new Error(await refusal(response));
  return response;
}

/** What a refused request says, for a person to read. */
export async function refusal(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const message = (body as Chunk | undefined)?.message;
  return typeof message === "string" ? message : `The API answered ${response.status}.`;
}

/** The pieces of an answer as they arrive. */
export async function* piecesOf(response: Response): AsyncGenerator<Piece> {
  for await (const { data } of streamEventsOf(response)) {
    if (data === "[DONE]") return;
    yield pieceOf(JSON.parse(data) as Chunk);
  }
}

/** The events of an answer, whole, however the network cuts them. */
export async function* streamEventsOf({ body }: Response): AsyncGenerator<StreamEvent> {
  const events = createEventReader();
  const reader = body?.getReader();
  if (!reader) return;
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield* events.push(read.value);
  yield* events.flush();
}

function pieceOf({ choices, usage, error }: Chunk): Piece {
  if (error) throw new Error(error.message ?? "The answer broke off.");
  const choice = choices?.[0];
  return {
    text: choice?.delta?.content ?? "",
    thought: choice?.delta?.reasoning_content ?? "",
    finishReason: choice?.finish_reason ?? undefined,
    usage: usage && {
      promptTokens: usage.prompt_tokens,
      cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
      completionTokens: usage.completion_tokens,
    },
  };
}
