import { now } from "#lib/core/clock.ts";
import { handoffFunction, type Partner, type Target } from "#lib/domain/agents/completions/rules.ts";
import { type Entry, newEntryId } from "#lib/domain/conversations/rules.ts";
import type { Delta, ToolCall } from "#lib/engine/port/port.ts";
import type { Sink } from "./relay.ts";

export const frame = (type: string, fields: Record<string, unknown>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

type Message = Extract<Entry, { type: "message.output" }>;

/** Turns what one model says into events of a conversation, and keeps it as entries. Silent when no one listens as it comes. */
export class TurnEvents implements Sink {
  /** What was said, in order. */
  readonly entries: Entry[] = [];
  /** The other agent that was called for, if one was. */
  target: Target | undefined;
  readonly #partner: Partner;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #index: number;
  readonly #streamed: boolean;
  #message: Message | undefined;

  /** `index`: how many entries of this answer there are before. */
  constructor(partner: Partner, options: { targets: readonly Target[]; index: number; streamed: boolean }) {
    this.#partner = partner;
    this.#targets = new Map(options.targets.map((target) => [handoffFunction(target), target]));
    this.#index = options.index;
    this.#streamed = options.streamed;
  }

  next({ content, reasoning, toolCalls = [] }: Delta): string {
    const thought = reasoning ? this.#think(reasoning) : "";
    const said = content ? this.#say(content) : "";
    const called = toolCalls.map((call) => this.#call(call)).join("");
    return this.#streamed ? thought + said + called : "";
  }

  cut(): void {
    this.#close();
  }

  /** Ends what was begun, and says so in its time. */
  end(): Entry[] {
    this.#close();
    return this.entries;
  }

  #made() {
    const { agent, model } = this.#partner;
    return { agent_id: agent?.id ?? null, agent_version: agent?.version ?? null, model };
  }

  #begin<T extends Entry["type"]>(type: T) {
    const at = now();
    return { object: "entry" as const, id: newEntryId(type, at), type, created_at: at.toISOString() };
  }

  /** The message that is being said, or would be next: thoughts come before its first word. */
  #open(): Message {
    this.#message ??= {
      ...this.#begin("message.output"),
      completed_at: null,
      role: "assistant",
      content: "",
      ...this.#made(),
    };
    return this.#message;
  }

  /** Thoughts are told as they come, and not kept. */
  #think(text: string): string {
    return this.#told(this.#open(), { type: "thinking", thinking: [{ type: "text", text }] });
  }

  #say(content: string): string {
    const message = this.#open();
    if (message.content === "") this.entries.push(message);
    message.content += content;
    return this.#told(message, content);
  }

  #told(message: Message, content: unknown): string {
    const at = this.entries.indexOf(message);
    return frame("message.output.delta", {
      created_at: message.created_at,
      output_index: this.#index + (at < 0 ? this.entries.length : at),
      id: message.id,
      content_index: 0,
      role: "assistant",
      content,
      ...this.#made(),
    });
  }

  #call({ id, function: { name, arguments: given } }: ToolCall): string {
    const target = this.#targets.get(name);
    if (target) {
      this.target ??= target;
      return "";
    }
    this.#close();
    const begun = this.#begin("function.call");
    const called = { tool_call_id: id, name, arguments: given };
    this.entries.push({ ...begun, completed_at: begun.created_at, ...called, ...this.#made() });
    const { object: _object, type, ...event } = begun;
    const output_index = this.#index + this.entries.length - 1;
    return frame(type.replace(".call", ".call.delta"), { ...event, output_index, ...called, ...this.#made() });
  }

  #close(): void {
    if (this.#message) this.#message.completed_at = now().toISOString();
    this.#message = undefined;
  }
}

/** One agent hands a conversation to another: what is kept of it, and what is told. */
export function handoff(from: Partner, to: Target, output_index: number): { entry: Entry; frames: string } {
  const at = now();
  const created_at = at.toISOString();
  const id = newEntryId("agent.handoff", at);
  const previous = { previous_agent_id: from.agent?.id ?? "", previous_agent_name: from.agent?.name ?? from.model };
  const next = { next_agent_id: to.id, next_agent_name: to.name };
  const told = { created_at, output_index, id };
  return {
    entry: { object: "entry", id, type: "agent.handoff", created_at, completed_at: created_at, ...previous, ...next },
    frames:
      frame("agent.handoff.started", { ...told, ...previous }) + frame("agent.handoff.done", { ...told, ...next }),
  };
}
