import type { IncomingHttpHeaders } from "node:http";

/** Whose client asks. What they read of thoughts and of calls that are still being written differs. */
export type Dialect = "mistral" | "openai" | "other";

const mistral = /mistral-client|@mistralai\/|ai-sdk\/mistral/i;
const openai = /^(?:Async)?OpenAI\/|ai-sdk\/openai/i;

/**
 * Clients are known by what they call themselves. One that is not is taken for one of OpenAI's kind only where it asks for
 * something that no other has: pieces of calls make others throw.
 */
export function dialectOf(headers: IncomingHttpHeaders, hasStreamOptions: boolean): Dialect {
  const agent = headers["user-agent"] ?? "";
  if (mistral.test(agent) || headers["x-mistral-user-agent"] !== undefined) return "mistral";
  if (openai.test(agent) || headers["x-stainless-lang"] !== undefined || hasStreamOptions) return "openai";
  return "other";
}
