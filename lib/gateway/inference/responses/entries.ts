import { type Entry, newEntryId } from "#lib/domain/conversations/rules.ts";
import type { Message } from "#lib/engine/port/port.ts";
import { contentText } from "#lib/gateway/inference/wire.ts";
import { contentOf, type KnownItem } from "./items.ts";
import { flatName } from "./names.ts";
import type { OutputItem } from "./output.ts";

/** An entry, and the place of the item it was made of. */
export type Made = { entry: Entry; from: number };

/** What was said to a response, as entries of a conversation; what a program's makers say and thoughts are none. */
export const saidEntries = (items: readonly KnownItem[], at: Date): Made[] =>
  items.flatMap((item, from) => {
    const entry = entryOf(item, at);
    return entry ? [{ entry, from }] : [];
  });

/** What a response answered, as entries under the ids of its items. */
export const answeredEntries = (output: readonly OutputItem[], model: string, at: Date): { entry: Entry }[] =>
  output.flatMap((item): { entry: Entry }[] => {
    if (item.type === "reasoning") return [];
    const made = { agent_id: null, agent_version: null, model };
    const common = { ...commonOf(at), id: item.id, ...made };
    if (item.type === "message") {
      const content = item.content.map(({ text }) => text).join("");
      return [{ entry: { ...common, type: "message.output", role: "assistant", content } }];
    }
    const { call_id: tool_call_id, arguments: given } = item;
    const name = flatName(item);
    return [{ entry: { ...common, type: "function.call", tool_call_id, name, arguments: given } }];
  });

function entryOf(item: KnownItem, at: Date): Entry | undefined {
  const common = commonOf(at);
  if (item.type === "message") {
    const { role } = item;
    if (role !== "user" && role !== "assistant") return undefined;
    const type = "message.input";
    return { ...common, id: newEntryId(type, at), type, role, content: contentOf(item.content), prefix: false };
  }
  if (item.type === "function_call") {
    const type = "function.call";
    const { call_id: tool_call_id, arguments: given } = item;
    const called = { tool_call_id, name: flatName(item), arguments: given };
    return { ...common, id: newEntryId(type, at), type, ...called, agent_id: null, agent_version: null, model: null };
  }
  if (item.type === "reasoning") return undefined;
  const type = "function.result";
  const result = contentText(contentOf(item.output));
  return { ...common, id: newEntryId(type, at), type, tool_call_id: item.call_id, result };
}

const commonOf = (at: Date) => ({
  object: "entry" as const,
  created_at: at.toISOString(),
  completed_at: at.toISOString(),
});

/** An entry that a program refers to, as the item it was. */
export function itemOf(entry: Entry): KnownItem {
  const { id } = entry;
  if (entry.type === "function.call") {
    const { tool_call_id: call_id, name, arguments: given } = entry;
    return { type: "function_call", id, call_id, name, arguments: given };
  }
  if (entry.type === "function.result") {
    return { type: "function_call_output", id, call_id: entry.tool_call_id, output: entry.result };
  }
  if (entry.type === "agent.handoff") {
    return { type: "message", id, role: "assistant", content: `Handed over to ${entry.next_agent_name}.` };
  }
  return { type: "message", id, role: entry.role, content: partsOf(entry.content) };
}

/** An image stands in an entry as in a chat. */
const partsOf = (content: NonNullable<Message["content"]>): Extract<KnownItem, { type: "message" }>["content"] =>
  typeof content === "string"
    ? content
    : content.map((chunk) => {
        const { url } = (chunk.image_url ?? {}) as { url?: unknown };
        return chunk.type === "image_url" ? { type: "input_image", image_url: url } : chunk;
      });
