import type { ChatRequest, CompletionRequest, ContentChunk } from "#lib/engine/port/port.ts";

const bytesPerToken = 4;
/** Marks around each message. */
const tokensPerMessage = 4;
/** What an image or a sound counts for at least. */
const tokensPerMedium = 256;

/** A guess for upstreams that do not tell: most vocabularies take about four bytes of text a token, in any language. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);

export function estimatePrompt(request: CompletionRequest): number {
  if (request.kind === "fim") return estimateTokens(request.prompt) + estimateTokens(request.suffix);
  const tools = request.tools.length > 0 ? estimateTokens(JSON.stringify(request.tools)) : 0;
  return request.messages.reduce((sum, message) => sum + tokensPerMessage + estimateMessage(message), tools);
}

function estimateMessage({ content, tool_calls }: ChatRequest["messages"][number]): number {
  const calls = tool_calls ? estimateTokens(JSON.stringify(tool_calls)) : 0;
  return calls + (typeof content === "string" ? estimateTokens(content) : estimateChunks(content ?? []));
}

const estimateChunks = (chunks: readonly ContentChunk[]): number =>
  chunks.reduce((sum, chunk) => sum + estimateChunk(chunk), 0);

function estimateChunk({ type, text }: ContentChunk): number {
  if (text !== undefined) return estimateTokens(text);
  return type === "thinking" || type === "reference" ? 0 : tokensPerMedium;
}
