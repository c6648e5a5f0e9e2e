import type { Call } from "#lib/call.ts";
import { pieceOnWire, textOf, usageOnWire } from "#lib/completions/rules.ts";
import type { CompletionRequest, CompletionStream, Delta, EngineUsage } from "#lib/engine/port.ts";
import { AppError } from "#lib/errors.ts";
import { logError } from "#lib/log.ts";
import { toWireError, unexpected } from "#lib/wire-error.ts";
import { settle } from "./event.ts";
import { settleHangUp } from "./hang-up.ts";
import { keepContent } from "./keep-content.ts";
import type { Work } from "./work.ts";

/**
 * Answers as server-sent events. The last delta waits for the commit of the event, so an answer that looks
 * complete to the client is an answer that is counted.
 */
export async function answerStream(call: Call, work: Work, request: CompletionRequest): Promise<void> {
  let stream: CompletionStream;
  try {
    stream = await work.engine.stream(request, call.cancellation);
  } catch (error) {
    return settleHangUp(call, work, textOf(request), error);
  }
  call.startEvents();
  const frames = new Frames(call);
  const failure = await relay(call, stream, frames, exhausted(call, work, stream));
  const tokens = stream.usage();
  if (call.cancellation.isCancelled) {
    await settle(call, work, { tokens, status: 499, outcome: "aborted", reason: "client_closed_request" });
  } else if (failure) {
    await settle(call, work, { tokens, status: 200, outcome: "failed", reason: "engine_failed" });
    await call.write(`data: ${failure}\n\n`);
  } else {
    const reason = frames.isCut ? "spend_limit_reached" : null;
    await settle(call, work, { tokens, status: 200, outcome: "answered", reason });
    await call.write(frames.last(tokens));
  }
  await keepContent(call, JSON.stringify(frames.said));
  call.outgoing.end();
}

/**
 * Passes deltas on as they come, up to the one that would cost more than is held; returns the error body when the engine
 * broke off.
 */
async function relay(
  call: Call,
  stream: CompletionStream,
  frames: Frames,
  isExhausted: (delta: Delta) => boolean,
): Promise<string | undefined> {
  try {
    for await (const delta of stream) {
      if (isExhausted(delta)) {
        frames.cut();
        return undefined;
      }
      const frame = frames.next(delta);
      if (frame) await call.write(frame);
      if (call.cancellation.isCancelled) return undefined;
    }
    return undefined;
  } catch (error) {
    if (call.cancellation.isCancelled) return undefined;
    if (error instanceof AppError) return toWireError(error).body;
    return unexpected(logError("stream", error, { request: call.id })).body;
  }
}

/**
 * Tells when an engine has written more than the hold pays for, which one that keeps to the length it was given never
 * does. A delta counts as one token at least, however little text it has.
 */
function exhausted(call: Call, { price }: Work, stream: CompletionStream): (delta: Delta) => boolean {
  const held = Number(call.hold?.amount ?? 0n);
  const [input, output] = [Number(price.inputMicros), Number(price.outputMicros)];
  let deltas = 0;
  return ({ finish }) => {
    if (finish !== null) return false;
    const { promptTokens, completionTokens } = stream.usage();
    return promptTokens * input + Math.max(++deltas, completionTokens) * output > held;
  };
}

/** Turns deltas into frames. The last one carries the usage, so a finishing delta is held until it is known not to be it. */
class Frames {
  /** What each choice said so far, for the content log. */
  readonly said: { index: number; content: string; tool_calls?: unknown[] }[] = [];
  /** Ended by us, at the hold. */
  isCut = false;
  readonly #head: string;
  readonly #finished = new Set<number>();
  #held: string | undefined;

  constructor(call: Call) {
    const head = {
      id: call.wireId,
      object: "chat.completion.chunk",
      created: call.created,
      model: call.requestedModel,
    };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)}`;
  }

  /** What can be sent now: everything but a finishing delta, which waits for the next one or the end. */
  next(delta: Delta): string {
    const held = this.#held;
    const piece = this.#frame(JSON.stringify(pieceOnWire({ ...delta, first: this.#note(delta) })));
    if (delta.finish !== null) this.#finished.add(delta.index);
    this.#held = delta.finish === null ? undefined : piece;
    return (held ?? "") + (delta.finish === null ? piece : "");
  }

  /** Ends every choice that has begun, because no more of it can be paid for. */
  cut(): void {
    const begun = this.said.length > 0 ? this.said.map(({ index }) => index) : [0];
    const pieces = begun
      .filter((index) => !this.#finished.has(index))
      .map((index) => this.#frame(JSON.stringify(pieceOnWire({ index, first: false, finish: "length" }))));
    this.#held = (this.#held ?? "") + pieces.join("");
    this.isCut = true;
  }

  /** The frame that was held back, now with the usage, and the end of the stream. */
  last(tokens: EngineUsage): string {
    const held = this.#held ?? this.#frame(JSON.stringify(pieceOnWire({ index: 0, first: false, finish: "stop" })));
    return `${held.slice(0, -3)},"usage":${JSON.stringify(usageOnWire(tokens))}}\n\ndata: [DONE]\n\n`;
  }

  #frame(piece: string): string {
    return `${this.#head},"choices":[${piece}]}\n\n`;
  }

  /** Whether this is the first delta of its choice. */
  #note({ index, content, toolCalls }: Delta): boolean {
    const known = this.said[index];
    const choice = known ?? { index, content: "" };
    choice.content += content ?? "";
    if (toolCalls) choice.tool_calls = [...(choice.tool_calls ?? []), ...toolCalls];
    this.said[index] = choice;
    return known === undefined;
  }
}
