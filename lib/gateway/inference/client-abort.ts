import type { HeldRequest } from "./reserve.ts";
import { settle } from "./settlement.ts";

/**
 * What becomes of an error the engine ended with before there was anything: when the client had left, the text it sent is
 * billed, as far as it can be counted here, and no answer; any other error is thrown again.
 */
export async function settleAbort(held: HeldRequest, text: string, error: unknown): Promise<void> {
  if (!held.request.cancellation.isCancelled) throw error;
  const promptTokens = Math.min(held.engine.countTokens(text), held.bounds.promptTokens);
  const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0, estimated: true };
  await settle(held, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
}
