import { newId } from "#db/id.ts";
import type { EntryId } from "#db/schema/conversations.ts";
import type { ChatInput } from "#lib/engine/port/input.ts";
import type { ContentChunk } from "#lib/engine/port/port.ts";
import type { InputEntry } from "./input.ts";

type Common = { object: "entry"; id: EntryId; created_at: string; completed_at: string | null };
type Made = { agent_id: string | null; agent_version: number | null; model: string | null };

/** One thing said in a conversation, as it goes over the wire and is kept. */
export type Entry = Common &
  (
    | { type: "message.input"; role: "user" | "assistant"; content: string | ContentChunk[]; prefix: boolean }
    | ({ type: "message.output"; role: "assistant"; content: string | ContentChunk[] } & Made)
    | ({ type: "function.call"; tool_call_id: string; name: string; arguments: string } & Made)
    | { type: "function.result"; tool_call_id: string; result: string }
    | {
        type: "agent.handoff";
        previous_agent_id: string;
        previous_agent_name: string;
        next_agent_id: string;
        next_agent_name: string;
      }
  );

export type EntryType = Entry["type"];

const kinds = {
  "message.input": "message",
  "message.output": "message",
  "function.call": "functionCall",
  "function.result": "functionResult",
  "agent.handoff": "handoff",
} as const satisfies Record<EntryType, string>;

export const newEntryId = (type: EntryType, at: Date): EntryId => newId(kinds[type], at);

/** What a program sent, as entries of the conversation: each with an id of ours and the time it came. */
export function entriesFrom(inputs: string | readonly InputEntry[] | null | undefined, at: Date): Entry[] {
  if (inputs == null || inputs === "") return [];
  const sent: readonly InputEntry[] =
    typeof inputs === "string" ? [{ type: "message.input", role: "user", content: inputs }] : inputs;
  const stamp = at.toISOString();
  return sent.map((entry) => ({ ...partsOf(entry), ...commonOf(entry.type, at, stamp) }) as Entry);
}

const commonOf = (type: EntryType, at: Date, stamp: string): Common => ({
  object: "entry",
  id: newEntryId(type, at),
  created_at: stamp,
  completed_at: stamp,
});

/** A person who made an earlier answer is only said by us, never by a program. */
const unknownMaker: Made = { agent_id: null, agent_version: null, model: null };

function partsOf(entry: InputEntry) {
  if (entry.type === "message.input") {
    const { type, role, content, prefix } = entry;
    return { type, role, content, prefix: prefix ?? false };
  }
  if (entry.type === "message.output") {
    return { type: entry.type, role: "assistant" as const, content: entry.content, ...unknownMaker };
  }
  if (entry.type === "function.call") {
    const { type, tool_call_id, name, arguments: given } = entry;
    const text = typeof given === "string" ? given : JSON.stringify(given);
    return { type, tool_call_id, name, arguments: text, ...unknownMaker };
  }
  if (entry.type === "function.result") {
    const { type, tool_call_id, result } = entry;
    return { type, tool_call_id, result };
  }
  const { type, previous_agent_id, previous_agent_name, next_agent_id, next_agent_name } = entry;
  return { type, previous_agent_id, previous_agent_name, next_agent_id, next_agent_name };
}

type Said = ChatInput["messages"];
type Calls = Extract<Said[number], { role: "assistant" }>["tool_calls"];

/**
 * A conversation as a model is asked it. Calls of functions stand with the words before them in one message, and each gets
 * an answer right after, because models take nothing else: one that never came is said to be missing.
 */
export function messagesOf(entries: readonly Entry[]): Said {
  const results = new Map(
    entries.flatMap((entry) => (entry.type === "function.result" ? [[entry.tool_call_id, entry.result]] : [])),
  );
  const messages: Said = [];
  let open: { id: string; name: string }[] = [];
  const close = (): void => {
    for (const { id, name } of open) {
      messages.push({ role: "tool", tool_call_id: id, name, content: results.get(id) ?? "No result was given." });
    }
    open = [];
  };
  for (const entry of entries) {
    if (entry.type === "function.call") {
      call(messages, entry, open.length > 0);
      open.push({ id: entry.tool_call_id, name: entry.name });
      continue;
    }
    if (entry.type !== "function.result" && entry.type !== "agent.handoff") {
      close();
      messages.push(messageOf(entry));
    }
  }
  close();
  return messages;
}

function messageOf(entry: Extract<Entry, { type: "message.input" | "message.output" }>): Said[number] {
  if (entry.type === "message.output") return { role: "assistant", content: entry.content };
  if (entry.role === "user") return { role: "user", content: entry.content };
  return { role: "assistant", content: entry.content, ...(entry.prefix ? { prefix: true } : {}) };
}

function call(messages: Said, entry: Extract<Entry, { type: "function.call" }>, isNext: boolean): void {
  const made = {
    id: entry.tool_call_id,
    type: "function" as const,
    function: { name: entry.name, arguments: entry.arguments },
  };
  const last = messages.at(-1);
  if (last?.role === "assistant" && (isNext || !last.tool_calls?.length)) {
    last.tool_calls = [...((last.tool_calls ?? []) as NonNullable<Calls>), made];
  } else messages.push({ role: "assistant", content: "", tool_calls: [made] });
}
