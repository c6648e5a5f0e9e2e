import { type ConversationEvent, saidIn } from "#components/conversations/stream-conversation.ts";
import { formatEuros } from "#lib/core/money.ts";

/** What the preview shows, in order. */
export type Item =
  | { kind: "question"; text: string }
  | { kind: "answer"; id: string; text: string }
  | {
      kind: "call";
      id: string;
      toolCallId: string;
      name: string;
      arguments: string;
      /** Undefined until a person has given it. */
      result: string | undefined;
    }
  | { kind: "handoff"; id: string; fromId: string; from: string; toId: string; to: string }
  | { kind: "figures"; tokensIn: number; tokensOut: number; cost: string | undefined }
  | { kind: "stopped" }
  | { kind: "problem"; text: string };

type Call = Extract<Item, { kind: "call" }>;

/** What is shown once one more event of an answer has come. */
export function applied(items: readonly Item[], event: ConversationEvent): readonly Item[] {
  switch (event.type) {
    case "message.output.delta": {
      const { text } = saidIn(event.content);
      // Thoughts are not shown here.
      if (text === "") return items;
      return merged(items, { kind: "answer", id: event.id, text }, (before, now) => ({
        ...before,
        text: before.text + now.text,
      }));
    }
    case "function.call.delta": {
      const { id, name, tool_call_id: toolCallId } = event;
      const call: Call = { kind: "call", id, toolCallId, name, arguments: event.arguments, result: undefined };
      return merged(items, call, (before, now) => ({ ...before, arguments: before.arguments + now.arguments }));
    }
    case "agent.handoff.started": {
      const { id, previous_agent_id: fromId, previous_agent_name: from } = event;
      return [...items, { kind: "handoff", id, fromId, from, toId: "", to: "" }];
    }
    case "agent.handoff.done": {
      const { next_agent_id: toId, next_agent_name: to } = event;
      return items.map((item) => (item.kind === "handoff" && item.toId === "" ? { ...item, toId, to } : item));
    }
    case "conversation.response.done": {
      const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = event.usage;
      return [...items, { kind: "figures", tokensIn, tokensOut, cost: event.cost_eur }];
    }
    default:
      return items;
  }
}

/** Adds an item, or adds what it brings to the one with its id. */
function merged<T extends Extract<Item, { id: string }>>(
  items: readonly Item[],
  next: T,
  join: (before: T, now: T) => T,
): readonly Item[] {
  const isHere = (item: Item): boolean => item.kind === next.kind && "id" in item && item.id === next.id;
  if (!items.some(isHere)) return [...items, next];
  return items.map((item) => (isHere(item) ? join(item as T, next) : item));
}

/** Calls the model waits for. */
export const openCalls = (items: readonly Item[]): Call[] =>
  items.filter((item): item is Call => item.kind === "call" && item.result === undefined);

/** Everything said so far, as the wire has it; a question that failed was not said. */
export function entriesOf(items: readonly Item[]): Record<string, unknown>[] {
  return items.flatMap((item, index) => {
    const entry = entryOf(item, items[index + 1]);
    // Calls made together get their results together, after the last of them.
    const results = item.kind === "call" && items[index + 1]?.kind !== "call" ? resultsUntil(items, index) : [];
    return [...(entry ? [{ object: "entry", ...entry }] : []), ...results];
  });
}

function entryOf(item: Item, next: Item | undefined): Record<string, unknown> | null {
  if (item.kind === "question") {
    return next?.kind === "problem" ? null : { type: "message.input", role: "user", content: item.text };
  }
  if (item.kind === "answer") return { type: "message.output", role: "assistant", content: item.text };
  if (item.kind === "call") {
    return { type: "function.call", tool_call_id: item.toolCallId, name: item.name, arguments: item.arguments };
  }
  if (item.kind !== "handoff" || item.toId === "") return null;
  return {
    type: "agent.handoff",
    previous_agent_id: item.fromId,
    previous_agent_name: item.from,
    next_agent_id: item.toId,
    next_agent_name: item.to,
  };
}

function resultsUntil(items: readonly Item[], end: number): Record<string, unknown>[] {
  const start = items.slice(0, end).findLastIndex(({ kind }) => kind !== "call") + 1;
  return items
    .slice(start, end + 1)
    .flatMap((item) =>
      item.kind === "call" && item.result !== undefined
        ? [{ object: "entry", type: "function.result", tool_call_id: item.toolCallId, result: item.result }]
        : [],
    );
}

/** The exact cost that the wire has as a decimal text, in the fewest digits that say something. */
export function costWords(cost: string): string {
  const [whole = "0", fraction = ""] = cost.split(".");
  return formatEuros(BigInt(whole + fraction.padEnd(12, "0")));
}
