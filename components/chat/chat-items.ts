import { costWords } from "#components/agents/preview-items.ts";
import { type ConversationEvent, saidIn } from "#components/conversations/stream-conversation.ts";
import { formatEuros } from "#lib/core/money.ts";
import type { Entry } from "#lib/domain/conversations/rules.ts";
import type { KeptEntry } from "#lib/domain/conversations/view.ts";

/** Who made an answer: an agent, as which of its versions, or a model alone. */
export type Maker = { agentId: string | null; agentVersion: number | null; model: string | null };

/** What an answer took, and the request it was. */
export type Took = { requestId: string | null; tokensIn: number; tokensOut: number; cost: string | undefined };

type Made = { id: string; maker: Maker; took?: Took | undefined };

/** What the chat shows, in order. */
export type ChatItem =
  | {
      kind: "question";
      id: string;
      text: string;
      /** The entry before it, which a branch begins after; null for the first. */
      before: string | null;
    }
  | ({ kind: "answer"; text: string; thought?: string } & Made)
  | ({ kind: "call"; toolCallId: string; name: string; arguments: string; result: string | undefined } & Made)
  | { kind: "handoff"; id: string; from: string; to: string; took?: Took | undefined };

export type Call = Extract<ChatItem, { kind: "call" }>;
export type Question = Extract<ChatItem, { kind: "question" }>;

const nobody: Maker = { agentId: null, agentVersion: null, model: null };

/** What was kept of a conversation, for people to read. */
export function itemsOf(kept: readonly KeptEntry[]): ChatItem[] {
  const results = new Map(
    kept.flatMap(({ entry }) => (entry.type === "function.result" ? [[entry.tool_call_id, entry.result]] : [])),
  );
  const items = kept.flatMap(({ entry }, index) => itemOf(entry, kept[index - 1]?.entry.id ?? null, results));
  const told = new Map(tookOf(kept));
  return items.map((item) =>
    told.has(item.id) && item.kind !== "question" ? { ...item, took: told.get(item.id) } : item,
  );
}

function itemOf(entry: Entry, before: string | null, results: ReadonlyMap<string, string>): ChatItem[] {
  const { id } = entry;
  switch (entry.type) {
    case "message.input":
      return entry.role === "user"
        ? [{ kind: "question", id, text: textOf(entry.content), before }]
        : [{ kind: "answer", id, text: textOf(entry.content), maker: nobody }];
    case "message.output":
      return [{ kind: "answer", id, text: textOf(entry.content), maker: makerOf(entry) }];
    case "function.call": {
      const { tool_call_id: toolCallId, name, arguments: given } = entry;
      const result = results.get(toolCallId);
      return [{ kind: "call", id, toolCallId, name, arguments: given, result, maker: makerOf(entry) }];
    }
    case "agent.handoff":
      return [{ kind: "handoff", id, from: entry.previous_agent_name, to: entry.next_agent_name }];
    default:
      return [];
  }
}

const textOf = (content: string | readonly { text?: string | undefined }[]): string =>
  typeof content === "string" ? content : content.map(({ text = "" }) => text).join("");

type OnWire = { agent_id?: string | null; agent_version?: number | null; model?: string | null };
const makerOf = ({ agent_id, agent_version, model }: OnWire): Maker => ({
  agentId: agent_id ?? null,
  agentVersion: agent_version ?? null,
  model: model ?? null,
});

/** What each answer took stands beside its first entry, and is shown under its last. */
function tookOf(kept: readonly KeptEntry[]): [string, Took][] {
  const found: [string, Took][] = [];
  let isGoing = false;
  for (const { entry, ...costs } of kept) {
    const took = tookBy(costs);
    if (took) found.push([entry.id, took]);
    isGoing = took !== null || (isGoing && entry.type !== "message.input" && entry.type !== "function.result");
    const last = found.at(-1);
    if (last && isGoing) last[0] = entry.id;
  }
  return found;
}

function tookBy({ requestId, promptTokens, completionTokens, costPico }: Omit<KeptEntry, "entry">): Took | null {
  if (requestId === null) return null;
  const cost = costPico === null ? undefined : formatEuros(costPico);
  return { requestId, tokensIn: promptTokens ?? 0, tokensOut: completionTokens ?? 0, cost };
}

/** What is shown of an answer once one more event of it has come. */
export function applied(items: readonly ChatItem[], event: ConversationEvent, requestId: string | null): ChatItem[] {
  switch (event.type) {
    case "message.output.delta": {
      const { id } = event;
      const { text, thought } = saidIn(event.content);
      const begun = items.find((item) => item.id === id);
      if (begun?.kind !== "answer") return [...items, { kind: "answer", id, text, thought, maker: makerOf(event) }];
      const more = { ...begun, text: begun.text + text, thought: (begun.thought ?? "") + thought };
      return items.map((item) => (item === begun ? more : item));
    }
    case "function.call.delta": {
      const { id, name, tool_call_id: toolCallId, arguments: given } = event;
      const called = { toolCallId, name, arguments: given, result: undefined, maker: makerOf(event) };
      return [...items, { kind: "call", id, ...called }];
    }
    case "agent.handoff.started":
      return [...items, { kind: "handoff", id: event.id, from: event.previous_agent_name, to: "" }];
    case "agent.handoff.done":
      return items.map((item) => (item.id === event.id ? { ...item, to: event.next_agent_name } : item));
    case "conversation.response.done": {
      const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = event.usage;
      const cost = event.cost_eur === undefined ? undefined : costWords(event.cost_eur);
      const last = items.findLast((item) => "maker" in item);
      return items.map((item) => (item === last ? { ...item, took: { requestId, tokensIn, tokensOut, cost } } : item));
    }
    default:
      return [...items];
  }
}

/** Calls the model waits for: those after the last thing a person said. */
export function openCalls(items: readonly ChatItem[]): Call[] {
  const last = items.findLastIndex(({ kind }) => kind !== "call");
  return items.slice(last + 1).filter((item): item is Call => item.kind === "call" && item.result === undefined);
}

const longest = 60;

/** What a conversation is called until a person says otherwise: how it begins. */
export function nameOf(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  const words = line.replace(/\s+/g, " ");
  return words.length <= longest ? words : `${words.slice(0, longest - 1).replace(/\s\S*$/, "")}…`;
}
