import type { Call } from "#lib/call.ts";
import { textOf } from "#lib/completions/rules.ts";
import type { CompletionRequest } from "#lib/engine/port.ts";
import { settle } from "./event.ts";
import type { Work } from "./work.ts";

/**
 * What becomes of an error the engine ended with before there was anything: when the client had hung up, what it had
 * asked is billed, as far as it can be counted here, and no answer; any other is thrown again.
 */
export async function settleHangUp(call: Call, work: Work, request: CompletionRequest, error: unknown): Promise<void> {
  if (!call.cancellation.isCancelled) throw error;
  const tokens = { promptTokens: work.engine.countTokens(textOf(request)), cachedTokens: 0, completionTokens: 0 };
  await settle(call, work, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
}
