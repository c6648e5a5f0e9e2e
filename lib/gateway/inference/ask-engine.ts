import type { Cancellation } from "#lib/engine/port/cancellation.ts";
import type { CompletionRequest, Engine } from "#lib/engine/port/port.ts";
import type { HeldRequest } from "./reserve.ts";
import { settle } from "./settlement.ts";
import { textOf } from "./wire.ts";

type Input = CompletionRequest | string | number[];
/** What is sent to the engine: it is counted here where nobody else has counted it. */
type Sent = CompletionRequest | readonly Input[];

/**
 * What the engine has for a request. Nothing when the client left before there was anything: then the text it sent is
 * billed, as far as it can be counted here, and no answer. Any other error is thrown on.
 */
export async function askEngine<T>(
  held: HeldRequest,
  sent: Sent,
  ask: (engine: Engine, cancel: Cancellation) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask(held.engine, held.request.cancellation);
  } catch (error) {
    const { cancellation, ended } = held.request;
    if (!cancellation.isCancelled) throw error;
    const counted = [sent].flat().reduce((sum, one) => sum + countOf(held.engine, one), 0);
    const promptTokens = Math.min(counted, held.bounds.promptTokens);
    const tokens = { promptTokens, cachedTokens: 0, completionTokens: 0, estimated: true };
    const left = ended
      ? ({ status: 403, reason: "organization_terminated" } as const)
      : ({ status: 499, reason: "client_closed_request" } as const);
    await settle(held, { tokens, outcome: "aborted", ...left });
    if (ended) throw ended;
    return undefined;
  }
}

function countOf(engine: Engine, one: Input): number {
  if (Array.isArray(one)) return one.length;
  if (typeof one === "string") return engine.countTokens(one);
  return one.kind === "fim" && one.tokens ? one.tokens.length : engine.countTokens(textOf(one));
}
