import { type Id, newId } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import type { CallPiece, Delta, FinishReason, ToolCall } from "#lib/engine/port/port.ts";
import { frame } from "#lib/gateway/inference/agent-turn-events.ts";
import type { Sink } from "#lib/gateway/inference/relay.ts";
import type { Name } from "./names.ts";

type Status = "in_progress" | "completed" | "incomplete";
type OutputText = { type: "output_text"; text: string; annotations: never[]; logprobs: never[] };
type Thought<T extends string> = { type: T; text: string };

export type MessageItem = {
  type: "message";
  id: Id<"message">;
  status: Status;
  role: "assistant";
  content: OutputText[];
};
export type CallItem = {
  type: "function_call";
  id: Id<"functionCall">;
  status: Status;
  call_id: string;
  name: string;
  namespace?: string;
  arguments: string;
};
export type ReasoningItem = {
  type: "reasoning";
  id: Id<"reasoning">;
  status: Status;
  summary: Thought<"summary_text">[];
  content?: Thought<"reasoning_text">[];
};
export type OutputItem = MessageItem | CallItem | ReasoningItem;

export type OutputOptions = {
  /** The client reads thoughts as a summary. */
  isSummarized: boolean;
  /** What the client calls functions that the model knows by another name. */
  names: ReadonlyMap<string, Name>;
};

/** Turns what a model says into items, and tells of them as they grow. */
export class Output implements Sink {
  readonly items: OutputItem[] = [];
  /** How the answer ended, once it has. */
  finish: FinishReason | null = null;
  readonly #isSummarized: boolean;
  readonly #names: OutputOptions["names"];
  #sequence = 0;
  /** The message or the thought that is being said. */
  #growing: MessageItem | ReasoningItem | undefined;
  /** The calls that are being written, by their place among the calls. */
  readonly #calls = new Map<number, CallItem>();

  constructor({ isSummarized, names }: OutputOptions) {
    this.#isSummarized = isSummarized;
    this.#names = names;
  }

  event(type: string, fields: Record<string, unknown>): string {
    return frame(type, { ...fields, sequence_number: this.#sequence++ });
  }

  next({ content, reasoning, pieces = [], toolCalls = [], finish }: Delta): string {
    if (finish !== null) this.finish = finish;
    return (
      (reasoning ? this.#think(reasoning) : "") +
      (content ? this.#say(content) : "") +
      pieces.map((piece) => this.#write(piece)).join("") +
      toolCalls.map((call) => this.#call(call)).join("")
    );
  }

  cut(): void {
    this.finish = "length";
  }

  get isWhole(): boolean {
    return this.finish === null || this.finish === "stop" || this.finish === "tool_calls";
  }

  /** Ends what is still growing; an answer without a word is an empty message. */
  end(): string {
    const status = this.isWhole ? "completed" : "incomplete";
    const said = this.items.every(({ type }) => type === "reasoning") && !this.#isSaying() ? this.#message() : "";
    const closed = this.#close(status);
    const calls = [...this.#calls.values()].map((call) => this.#closeCall(call, status)).join("");
    this.#calls.clear();
    return said + closed + calls;
  }

  #isSaying(): boolean {
    return this.#growing?.type === "message";
  }

  #added(item: OutputItem): string {
    this.items.push(item);
    return this.event("response.output_item.added", { output_index: this.items.length - 1, item });
  }

  #done(item: OutputItem): string {
    return this.event("response.output_item.done", { output_index: this.items.indexOf(item), item });
  }

  #at(item: OutputItem): { item_id: string; output_index: number } {
    return { item_id: item.id, output_index: this.items.indexOf(item) };
  }

  #message(): string {
    const closed = this.#close("completed");
    const item: MessageItem = {
      type: "message",
      id: newId("message", now()),
      status: "in_progress",
      role: "assistant",
      content: [],
    };
    const added = this.#added(item);
    const part: OutputText = { type: "output_text", text: "", annotations: [], logprobs: [] };
    this.#growing = item;
    const begun = this.event("response.content_part.added", { ...this.#at(item), content_index: 0, part });
    item.content.push(part);
    return closed + added + begun;
  }

  #say(text: string): string {
    const begun = this.#isSaying() ? "" : this.#message();
    const item = this.#growing as MessageItem;
    const [part] = item.content;
    if (part) part.text += text;
    return (
      begun +
      this.event("response.output_text.delta", { ...this.#at(item), content_index: 0, delta: text, logprobs: [] })
    );
  }

  #think(text: string): string {
    const begun = this.#growing?.type === "reasoning" ? "" : this.#thought();
    const item = this.#growing as ReasoningItem;
    const part = this.#isSummarized ? item.summary[0] : item.content?.[0];
    if (part) part.text += text;
    const { delta, place } = this.#spelling;
    return begun + this.event(delta, { ...this.#at(item), ...place, delta: text });
  }

  #thought(): string {
    const closed = this.#close("completed");
    const item: ReasoningItem = {
      type: "reasoning",
      id: newId("reasoning", now()),
      status: "in_progress",
      summary: [],
    };
    const added = this.#added(item);
    this.#growing = item;
    const { added: type, place } = this.#spelling;
    if (this.#isSummarized) item.summary = [{ type: "summary_text", text: "" }];
    else item.content = [{ type: "reasoning_text", text: "" }];
    return closed + added + this.event(type, { ...this.#at(item), ...place, part: thoughtOf(item) });
  }

  /** The events that tell of a thought, as a summary or as it is. */
  get #spelling() {
    return this.#isSummarized ? asSummary : asThought;
  }

  #close(status: Status): string {
    const item = this.#growing;
    this.#growing = undefined;
    if (!item) return "";
    const at = this.#at(item);
    const part = item.type === "message" ? item.content[0] : thoughtOf(item);
    const { done, partDone, place } = item.type === "message" ? asText : this.#spelling;
    const logprobs = item.type === "message" ? { logprobs: [] } : {};
    item.status = status;
    return (
      this.event(done, { ...at, ...place, text: part?.text ?? "", ...logprobs }) +
      this.event(partDone, { ...at, ...place, part }) +
      this.#done(item)
    );
  }

  #write({ index, id = "", name = "", arguments: text }: CallPiece): string {
    const known = this.#calls.get(index);
    const call = known ?? this.#newCall(id, name);
    const begun = known ? "" : this.#close("completed") + this.#added(call);
    this.#calls.set(index, call);
    return begun + this.#grow(call, text);
  }

  #newCall(call_id: string, name: string): CallItem {
    const id = newId("functionCall", now());
    return { type: "function_call", id, status: "in_progress", call_id, ...this.#named(name), arguments: "" };
  }

  #named(name: string): Name {
    return this.#names.get(name) ?? { name };
  }

  #grow(call: CallItem, text: string): string {
    if (text === "") return "";
    call.arguments += text;
    return this.event("response.function_call_arguments.delta", { ...this.#at(call), delta: text });
  }

  /** A call that is whole, of which some or nothing was told. */
  #call({ index, id, function: { name, arguments: whole } }: ToolCall): string {
    const begun = this.#calls.has(index) ? "" : this.#write({ index, id, name, arguments: "" });
    const call = this.#calls.get(index);
    if (!call) return begun;
    this.#calls.delete(index);
    const rest = whole.startsWith(call.arguments) ? this.#grow(call, whole.slice(call.arguments.length)) : "";
    Object.assign(call, { call_id: id, ...this.#named(name), arguments: whole });
    return begun + rest + this.#closeCall(call, "completed");
  }

  #closeCall(call: CallItem, status: Status): string {
    call.status = status;
    const { name, arguments: given } = call;
    return (
      this.event("response.function_call_arguments.done", { ...this.#at(call), name, arguments: given }) +
      this.#done(call)
    );
  }
}

const thoughtOf = ({ summary, content }: ReasoningItem) => content?.[0] ?? summary[0];

const asText = {
  done: "response.output_text.done",
  partDone: "response.content_part.done",
  place: { content_index: 0 },
} as const;

const asThought = {
  added: "response.content_part.added",
  delta: "response.reasoning_text.delta",
  done: "response.reasoning_text.done",
  partDone: "response.content_part.done",
  place: { content_index: 0 },
} as const;

const asSummary = {
  added: "response.reasoning_summary_part.added",
  delta: "response.reasoning_summary_text.delta",
  done: "response.reasoning_summary_text.done",
  partDone: "response.reasoning_summary_part.done",
  place: { summary_index: 0 },
} as const;
