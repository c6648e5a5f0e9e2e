import type { Call } from "#lib/gateway/http/request.ts";
import type { Work } from "./admission.ts";
import { settle } from "./settlement.ts";

/**
 * What becomes of an error the engine ended with before there was anything: when the client had hung up, the text it
 * sent is billed, as far as it can be counted here, and no answer; any other error is thrown again.
 */
export async function settleHangUp(call: Call, work: Work, text: string, error: unknown): Promise<void> {
  if (!call.cancellation.isCancelled) throw error;
  const tokens = { promptTokens: work.engine.countTokens(text), cachedTokens: 0, completionTokens: 0 };
  await settle(call, work, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
}
