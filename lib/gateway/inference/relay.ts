import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";
import type { Pico } from "#lib/core/money.ts";
import type { CompletionStream, Delta, EngineUsage } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { toWireError, unexpected, type WireError } from "#lib/gateway/http/wire-error.ts";
import type { HeldRequest } from "./reserve.ts";
import { nothing, settle } from "./settlement.ts";

/** Where the deltas of an answer go. */
export type Sink = {
  /** What can be sent now because of a delta. */
  next: (delta: Delta) => string;
  /** No more of the answer can be paid for: ends what has begun. */
  cut: () => void;
};

export type Relayed = { tokens: EngineUsage; billed: Pico; failure: WireError | undefined };

/**
 * Passes deltas on as they come, and then commits the request's event, whatever became of it: answered, cut off at what is
 * held, left by the client, or broken off by the engine, of which `failure` tells.
 */
export async function relay(held: HeldRequest, stream: CompletionStream, sink: Sink): Promise<Relayed> {
  const { request } = held;
  const ended = await pass(request, stream, sink, exhausted(held, stream));
  const tokens = stream.usage();
  if (request.cancellation.isCancelled) {
    const { ended } = request;
    const left = ended
      ? ({ tokens, status: 200, outcome: "aborted", reason: "organization_terminated" } as const)
      : ({ tokens, status: 499, outcome: "aborted", reason: "client_closed_request" } as const);
    return { tokens, billed: await settle(held, left), failure: ended && toWireError(ended) };
  }
  if (typeof ended === "object") {
    // An engine that broke off before it said anything has not answered, as if its headers had not come before.
    const taken = tokens.completionTokens === 0 ? nothing : tokens;
    const broken = { tokens: taken, status: 200, outcome: "failed", reason: "engine_failed" } as const;
    return { tokens: taken, billed: await settle(held, broken), failure: ended };
  }
  const reason = ended === "cut" ? "spend_limit_reached" : null;
  const billed = await settle(held, { tokens, status: 200, outcome: "answered", reason });
  return { tokens, billed, failure: undefined };
}

/** Up to the delta that would cost more than is held, or to the error the engine broke off with. */
async function pass(
  request: AuthenticatedRequest,
  stream: CompletionStream,
  sink: Sink,
  isExhausted: (delta: Delta) => boolean,
): Promise<"whole" | "cut" | WireError> {
  try {
    for await (const delta of stream) {
      if (isExhausted(delta)) {
        sink.cut();
        return "cut";
      }
      const frame = sink.next(delta);
      if (frame) await request.write(frame);
      if (request.cancellation.isCancelled) return "whole";
    }
    return "whole";
  } catch (error) {
    if (request.cancellation.isCancelled) return "whole";
    if (error instanceof AppError) return toWireError(error);
    return unexpected(logError("stream", error, { request: request.id }));
  }
}

/**
 * Tells when an engine has written more than the hold pays for, which one that keeps to the length it was given never
 * does. A delta of text counts as one token at least, however little it has.
 */
function exhausted({ reservation, price }: HeldRequest, stream: CompletionStream): (delta: Delta) => boolean {
  const held = Number(reservation.amount);
  const [input, output] = [Number(price.inputMicros), Number(price.outputMicros)];
  let deltas = 0;
  return ({ finish, content, reasoning }) => {
    if (finish !== null) return false;
    if (content !== undefined || reasoning !== undefined) deltas++;
    const { promptTokens, completionTokens } = stream.usage();
    return promptTokens * input + Math.max(deltas, completionTokens) * output > held;
  };
}
