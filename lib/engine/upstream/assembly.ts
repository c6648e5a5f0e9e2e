import type { CompletionRequest, Delta, EngineUsage, FinishReason, ToolCall } from "#lib/engine/port/port.ts";
import { estimatePrompt, estimateTokens } from "./estimate.ts";
import {
  argumentsOf,
  callOf,
  callsText,
  finishOf,
  keepsFormat,
  plainText,
  usageOf,
  type WireAnswer,
  type WireCall,
  type WireChoice,
  wantsJson,
} from "./incoming.ts";

type Piece = { id: string | undefined; name: string; text: string };
type Part = { pieces: Map<number, Piece>; json: string; isOver: boolean };

/** Turns an upstream's events into deltas of the port: tool calls whole, every choice ended once, usage set aside. */
export type Assembly = {
  add(event: WireAnswer): Delta[];
  /** Ends the choices that never said so; an upstream that did not say `[DONE]` either has broken off. */
  end(isComplete: boolean): Delta[];
  usage(): EngineUsage;
};

export function createAssembly(request: CompletionRequest): Assembly {
  const parts = new Map<number, Part>();
  const isJson = wantsJson(request);
  const promptTokens = estimatePrompt(request);
  let written = 0;
  let reported: EngineUsage | undefined;

  const partOf = (index: number): Part => {
    const known = parts.get(index);
    if (known) return known;
    const part = { pieces: new Map(), json: "", isOver: false };
    parts.set(index, part);
    return part;
  };
  const close = (index: number, part: Part, reason: FinishReason | string | null): Delta[] => {
    part.isOver = true;
    const calls = callsOf(part.pieces);
    written += estimateTokens(callsText(calls));
    const finish = finishOf(reason, calls.length > 0);
    const isBroken = finish === "stop" && isJson && !keepsFormat(part.json, request);
    const last: Delta = { index, finish: isBroken ? "error" : finish };
    return calls.length > 0 ? [{ index, toolCalls: calls, finish: null }, last] : [last];
  };
  const addText = (index: number, part: Part, content: string): Delta => {
    if (isJson) part.json += content;
    written += content.length / 4;
    return { index, content, finish: null };
  };
  const addChoice = ({ index, delta, message, text, finish_reason }: WireChoice, at: number): Delta[] => {
    const place = index ?? at;
    const part = partOf(place);
    if (part.isOver) return [];
    const said = delta ?? message;
    const content = text ?? plainText(said?.content);
    const begun = content ? [addText(place, part, content)] : [];
    for (const call of said?.tool_calls ?? []) addPiece(part.pieces, call);
    return finish_reason ? [...begun, ...close(place, part, finish_reason)] : begun;
  };

  return {
    add({ choices, usage }) {
      reported = usageOf(usage) ?? reported;
      return choices?.flatMap(addChoice) ?? [];
    },
    end(isComplete) {
      if (parts.size === 0) partOf(0);
      const open = [...parts].filter(([, part]) => !part.isOver);
      return open.flatMap(([index, part]) => close(index, part, isComplete ? null : "error"));
    },
    usage: () => reported ?? { promptTokens, cachedTokens: 0, completionTokens: Math.ceil(written) },
  };
}

function addPiece(pieces: Map<number, Piece>, { id, index, function: called }: WireCall): void {
  const at = index ?? (id || pieces.size === 0 ? pieces.size : pieces.size - 1);
  const piece = pieces.get(at) ?? { id: undefined, name: "", text: "" };
  pieces.set(at, piece);
  piece.id ??= id ?? undefined;
  // The name comes once; servers that repeat it mean the same one.
  piece.name ||= called?.name ?? "";
  const text = called?.arguments;
  if (text !== undefined && text !== null) piece.text += typeof text === "string" ? text : argumentsOf(text);
}

const callsOf = (pieces: Map<number, Piece>): ToolCall[] =>
  [...pieces.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, { id, name, text }], index) => callOf({ id: id ?? null, function: { name, arguments: text } }, index));
