import type { CompletionRequest, CompletionStream, Delta, EngineUsage } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { streamErrorFrame } from "#lib/gateway/http/stream-error.ts";
import { settleAbort } from "./client-abort.ts";
import { keepContent } from "./keep-content.ts";
import { asAsked } from "./older-calls.ts";
import { relay, type Sink } from "./relay.ts";
import type { HeldRequest } from "./reserve.ts";
import { pieceOnWire, textOf, usageOnWire } from "./wire.ts";

/**
 * Answers as server-sent events. The last delta waits for the commit of the event, so an answer that looks
 * complete to the client is an answer that is counted.
 */
export async function answerStream(held: HeldRequest, prompt: CompletionRequest): Promise<void> {
  const { request } = held;
  let stream: CompletionStream;
  try {
    stream = await held.engine.stream(prompt, request.cancellation);
  } catch (error) {
    return settleAbort(held, textOf(prompt), error);
  }
  request.startEvents();
  const frames = new Frames(request);
  const { tokens, failure } = await relay(held, stream, frames);
  if (failure) await request.write(streamErrorFrame(request, failure));
  else if (!request.cancellation.isCancelled) await request.write(frames.last(tokens));
  await keepContent(request, JSON.stringify(frames.said));
  request.outgoing.end();
}

/** Turns deltas into frames. The last one carries the usage, so a finishing delta is held until it is known not to be it. */
class Frames implements Sink {
  /** What each choice said so far, for the content log. */
  readonly said: { index: number; content: string; tool_calls?: unknown[] }[] = [];
  readonly #head: string;
  readonly #request: AuthenticatedRequest;
  readonly #finished = new Set<number>();
  #held: string | undefined;

  constructor(request: AuthenticatedRequest) {
    this.#request = request;
    const head = {
      id: request.wireId,
      object: "chat.completion.chunk",
      created: request.created,
      model: request.requestedModel,
    };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)}`;
  }

  /** What can be sent now: everything but a finishing delta, which waits for the next one or the end. */
  next(delta: Delta): string {
    const held = this.#held;
    const choice = pieceOnWire({ ...delta, first: this.#note(delta) });
    const piece = this.#frame(JSON.stringify(asAsked(choice, this.#request)));
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
