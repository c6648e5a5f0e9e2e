import type { CallPiece, CompletionRequest, Delta, EngineUsage } from "#lib/engine/port/port.ts";
import { Calls } from "./calls.ts";
import { estimatePrompt } from "./estimate.ts";
import { finishOf } from "./finish.ts";
import {
  callsIn,
  choicesIn,
  keepsFormat,
  placeOf,
  saidIn,
  type WireAnswer,
  type WireChoice,
  wantsJson,
} from "./incoming.ts";
import { unavailable } from "./refusal.ts";
import { UsageCount } from "./usage.ts";

type Part = { calls: Calls; json: string; isOver: boolean };

/** Turns an upstream's events, or its whole answer, into deltas of the port; the usage is set aside. */
export class Assembly {
  readonly #upstream: string;
  readonly #n: number;
  readonly #isJson: boolean;
  readonly #parts = new Map<number, Part>();
  readonly #usage: UsageCount;
  #isAnswer = false;
  #ended = 0;

  constructor(request: CompletionRequest, upstream: string) {
    this.#upstream = upstream;
    this.#n = request.kind === "chat" ? request.n : 1;
    this.#isJson = wantsJson(request);
    this.#usage = new UsageCount(upstream, request.bounds, () => estimatePrompt(request));
  }

  /** Whether every choice that was asked for has ended. */
  get isOver(): boolean {
    return this.#ended === this.#n;
  }

  add(event: WireAnswer): Delta[] {
    const deltas: Delta[] = [];
    choicesIn(event).forEach((choice, at) => {
      const place = placeOf(choice, at, this.#n);
      if (place !== undefined) deltas.push(...this.#addChoice(choice, place));
    });
    this.#usage.told(event.usage, event.timings);
    return deltas;
  }

  /**
   * Ends the choices that never said so; an upstream that did not say it is done either has broken off. One that said
   * nothing at all has not answered.
   */
  end(isComplete: boolean): Delta[] {
    if (!this.#isAnswer) throw unavailable();
    const open = [...this.#parts].filter(([, part]) => !part.isOver);
    return open.flatMap(([index, part]) => this.#close(index, part, isComplete ? "" : "error"));
  }

  usage(): EngineUsage {
    return this.#usage.total();
  }

  #addChoice(choice: WireChoice, index: number): Delta[] {
    const part = this.#partOf(index);
    if (part.isOver) return [];
    const deltas = this.#say(choice, index, part);
    const isEnd = typeof choice.finish_reason === "string" && choice.finish_reason !== "";
    if (deltas.length > 0 || isEnd) this.#isAnswer = true;
    return isEnd ? [...deltas, ...this.#close(index, part, choice.finish_reason)] : deltas;
  }

  #say(choice: WireChoice, index: number, part: Part): Delta[] {
    const { content, reasoning } = saidIn(choice);
    const pieces = this.#call(choice, part);
    if (this.#isJson) part.json += content;
    this.#usage.wrote(reasoning);
    this.#usage.wrote(content);
    if (content === "" && reasoning === "" && pieces.length === 0) return [];
    const delta: Delta = { index, finish: null };
    if (reasoning !== "") delta.reasoning = reasoning;
    if (content !== "") delta.content = content;
    if (pieces.length > 0) delta.pieces = pieces;
    return [delta];
  }

  /** The pieces of calls that can be shown. */
  #call(choice: WireChoice, { calls: known }: Part): CallPiece[] {
    const { calls, isWhole } = callsIn(choice);
    const pieces: CallPiece[] = [];
    calls.forEach((call, position) => {
      const { text, shown } = known.add(call, { isWhole, position });
      this.#usage.wrote(text);
      if (shown) pieces.push(shown);
    });
    return pieces;
  }

  #close(index: number, part: Part, reason: unknown): Delta[] {
    part.isOver = true;
    this.#ended++;
    const { calls } = part;
    const finish = finishOf(reason, !calls.isEmpty, this.#upstream);
    const isBroken = finish === "stop" && this.#isJson && !keepsFormat(part.json);
    const last: Delta = { index, finish: isBroken ? "error" : finish };
    if (calls.isEmpty) return [last];
    const rest = calls.rest();
    const whole: Delta = { index, toolCalls: calls.whole(), finish: null };
    if (rest.length > 0) whole.pieces = rest;
    return [whole, last];
  }

  #partOf(index: number): Part {
    const known = this.#parts.get(index);
    if (known) return known;
    const part = { calls: new Calls(), json: "", isOver: false };
    this.#parts.set(index, part);
    return part;
  }
}
