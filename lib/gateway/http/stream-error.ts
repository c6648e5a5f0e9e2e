import type { AuthenticatedRequest } from "./request.ts";
import type { WireError } from "./wire-error.ts";

/**
 * The frame that tells that an answer broke off. OpenAI's clients throw what they find under `error`; the official ones
 * know no error inside a stream and fail to read it, so they get a piece that ends with the reason `error`. It has the
 * usage of any last piece: LangChain passes over one that has neither text nor usage.
 */
export function streamErrorFrame(request: AuthenticatedRequest, { body }: WireError, usage: object): string {
  if (!isOfficial(request)) return `data: ${body}\n\n`;
  const piece = {
    ...JSON.parse(body),
    id: request.wireId,
    object: "chat.completion.chunk",
    created: request.created,
    model: request.requestedModel,
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    usage,
  };
  return `data: ${JSON.stringify(piece)}\n\ndata: [DONE]\n\n`;
}

const isOfficial = ({ agent, incoming }: AuthenticatedRequest): boolean =>
  agent.includes("mistral-client") || incoming.headers["x-mistral-user-agent"] !== undefined;
