import type { ChatRequest, CompletionRequest, ContentChunk } from "#lib/engine/port/port.ts";

const charactersPerToken = 4;
/** Marks around each message. */
const tokensPerMessage = 4;

/** A guess for upstreams that do not tell: most vocabularies take about four characters of text a token. */
export const estimateTokens = (text: string): number => Math.ceil(text.length / charactersPerToken);

export function estimatePrompt(request: CompletionRequest): number {
  if (request.kind === "fim") return estimateTokens(request.prompt) + estimateTokens(request.suffix);
  return request.messages.reduce((sum, message) => sum + tokensPerMessage + estimateMessage(message), 0);
}

function estimateMessage({ content, tool_calls }: ChatRequest["messages"][number]): number {
  const calls = tool_calls ? JSON.stringify(tool_calls) : "";
  return (
    estimateTokens(calls) + (typeof content === "string" ? estimateTokens(content) : estimateChunks(content ?? []))
  );
}

const estimateChunks = (chunks: readonly ContentChunk[]): number =>
  chunks.reduce((sum, { text = "" }) => sum + estimateTokens(text), 0);
