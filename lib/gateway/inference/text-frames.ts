import type { Delta, EngineUsage, FinishReason } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { Sink } from "./relay.ts";
import { usageOnWire } from "./wire.ts";

/** One choice of a completion of text. */
export const textChoice = (index: number, text: string, finish: FinishReason | null) => ({
  index,
  text,
  logprobs: null,
  finish_reason: finish === "model_length" ? "length" : finish,
});

/** Turns deltas into frames; the last one carries the usage, so a finishing delta is held until the next. */
export class TextFrames implements Sink {
  /** What each choice said so far, for the content log. */
  readonly said: { index: number; text: string }[] = [];
  readonly #head: object;
  readonly #echoOf: (index: number) => string;
  readonly #finished = new Set<number>();
  #held: object | undefined;

  constructor(request: AuthenticatedRequest, echoOf: (index: number) => string) {
    const { wireId: id, created, requestedModel: model } = request;
    this.#head = { id, object: "text_completion", created, model };
    this.#echoOf = echoOf;
  }

  next({ index, content = "", finish }: Delta): string {
    const frame = this.#frame(textChoice(index, this.#note(index, content), finish));
    const before = this.#release();
    if (finish === null) return before + sse(frame);
    this.#finished.add(index);
    this.#held = frame;
    return before;
  }

  /** Ends every choice that has begun, because no more of it can be paid for. */
  cut(): void {
    const open = this.said.find(({ index }) => !this.#finished.has(index));
    this.#held ??= this.#frame(textChoice(open?.index ?? 0, "", "length"));
  }

  last(tokens: EngineUsage): string {
    const held = this.#held ?? this.#frame(textChoice(0, "", "stop"));
    return `${sse({ ...held, usage: usageOnWire(tokens) })}data: [DONE]\n\n`;
  }

  #release(): string {
    const held = this.#held;
    this.#held = undefined;
    return held ? sse(held) : "";
  }

  #frame(choice: object): object {
    return { ...this.#head, choices: [choice] };
  }

  /** The text to send: the first of a choice begins with what is echoed. */
  #note(index: number, content: string): string {
    const known = this.said[index];
    const text = known ? content : this.#echoOf(index) + content;
    if (known) known.text += text;
    else this.said[index] = { index, text };
    return text;
  }
}

const sse = (frame: object): string => `data: ${JSON.stringify(frame)}\n\n`;
