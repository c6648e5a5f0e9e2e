import type { Call } from "#lib/call.ts";
import { textOf } from "#lib/completions/rules.ts";
import type { CompletionRequest } from "#lib/engine/port.ts";
import { settle } from "./event.ts";
import type { Work } from "./work.ts";

/**
 * What the engine gives, or undefined when the client hung up before there was anything: then what it had asked
 * is billed, as far as it can be counted here, and no answer.
 */
export async function unlessHungUp<T>(
  call: Call,
  work: Work,
  request: CompletionRequest,
  given: Promise<T>,
): Promise<T | undefined> {
  try {
    return await given;
  } catch (error) {
    if (!call.signal.aborted) throw error;
    const tokens = { promptTokens: work.engine.countTokens(textOf(request)), cachedTokens: 0, completionTokens: 0 };
    await settle(call, work, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
    return undefined;
  }
}
