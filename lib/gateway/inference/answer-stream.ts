import type { CompletionRequest, Delta, EngineUsage } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { streamErrorFrame } from "#lib/gateway/http/stream-error.ts";
import { askEngine } from "./ask-engine.ts";
import type { Dialect } from "./dialect.ts";
import { keepContent } from "./keep-content.ts";
import { asAsked } from "./older-calls.ts";
import { relay, type Sink } from "./relay.ts";
import type { HeldRequest } from "./reserve.ts";
import { callPieceOnWire, pieceOnWire, usageOnWire } from "./wire.ts";

/**
 * Answers as server-sent events. The last delta waits for the commit of the event, so an answer that looks
 * complete to the client is an answer that is counted.
 */
export async function answerStream(held: HeldRequest, prompt: CompletionRequest): Promise<void> {
  const { request } = held;
  const stream = await askEngine(held, prompt, (engine, cancel) => engine.stream(prompt, cancel));
  if (!stream) return;
  request.startEvents();
  const frames = new Frames(request, held.dialect);
  const { tokens, failure } = await relay(held, stream, frames);
  if (failure) await request.write(streamErrorFrame(request, failure, usageOnWire(tokens)));
  else if (!request.cancellation.isCancelled) await request.write(frames.last(tokens));
  await keepContent(request, JSON.stringify(frames.said));
  request.outgoing.end();
}

type Said = { index: number; content: string; reasoning_content?: string; tool_calls?: unknown[] };

/** Turns deltas into frames. The last one carries the usage, so a finishing delta is held until it is known not to be it. */
class Frames implements Sink {
  /** What each choice said so far, for the content log. */
  readonly said: Said[] = [];
  readonly #head: string;
  readonly #request: AuthenticatedRequest;
  readonly #dialect: Dialect;
  readonly #begun = new Set<number>();
  readonly #finished = new Set<number>();
  /** The calls of each choice that were written as they came. */
  readonly #written = new Map<number, Set<number>>();
  #held: string | undefined;

  constructor(request: AuthenticatedRequest, dialect: Dialect) {
    this.#request = request;
    const head = {
      id: request.wireId,
      object: "chat.completion.chunk",
      created: request.created,
      model: request.requestedModel,
    };
    this.#head = `data: ${JSON.stringify(head).slice(0, -1)}`;
    this.#dialect = dialect;
  }

  /** What can be sent now: everything but a finishing delta, which waits for the next one or the end. */
  next(delta: Delta): string {
    this.#note(delta);
    const { index, content, reasoning, finish } = delta;
    const calls = this.#calls(delta);
    if (finish === null && content === undefined && reasoning === undefined && !calls) return "";
    const held = this.#held;
    const piece = this.#frame({ index, first: !this.#begun.has(index), content, reasoning, calls, finish });
    this.#begun.add(index);
    if (finish !== null) this.#finished.add(index);
    this.#held = finish === null ? undefined : piece;
    return (held ?? "") + (finish === null ? piece : "");
  }

  /** Calls are written as they come where the client puts pieces together, and whole where it would throw at one. */
  #calls({ index, pieces = [], toolCalls = [] }: Delta) {
    if (this.#dialect !== "openai") return toolCalls.length > 0 ? toolCalls : undefined;
    const written = this.#written.get(index) ?? new Set();
    this.#written.set(index, written);
    for (const piece of pieces) written.add(piece.index);
    const calls = [...pieces.map(callPieceOnWire), ...toolCalls.filter((call) => !written.has(call.index))];
    return calls.length > 0 ? calls : undefined;
  }

  /** Ends every choice that has begun, because no more of it can be paid for. */
  cut(): void {
    const begun = this.#begun.size > 0 ? [...this.#begun] : [0];
    const pieces = begun
      .filter((index) => !this.#finished.has(index))
      .map((index) => this.#frame({ index, first: false, finish: "length" }));
    this.#held = (this.#held ?? "") + pieces.join("");
  }

  /** The frame that was held back, now with the usage, and the end of the stream. */
  last(tokens: EngineUsage): string {
    const held = this.#held ?? this.#frame({ index: 0, first: false, finish: "stop" });
    return `${held.slice(0, -3)},"usage":${JSON.stringify(usageOnWire(tokens))}}\n\ndata: [DONE]\n\n`;
  }

  #frame(piece: Parameters<typeof pieceOnWire>[0]): string {
    return `${this.#head},"choices":[${JSON.stringify(asAsked(pieceOnWire(piece, this.#dialect), this.#request))}]}\n\n`;
  }

  #note({ index, content, reasoning, toolCalls }: Delta): void {
    const choice: Said = this.said[index] ?? { index, content: "" };
    this.said[index] = choice;
    if (content !== undefined) choice.content += content;
    if (reasoning !== undefined) choice.reasoning_content = (choice.reasoning_content ?? "") + reasoning;
    if (toolCalls) choice.tool_calls = [...(choice.tool_calls ?? []), ...toolCalls];
  }
}
