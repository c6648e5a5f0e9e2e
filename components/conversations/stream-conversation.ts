import { KeyEnded, refusal, streamEventsOf } from "#components/playground/stream-chat.ts";

type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

type ByWhom = { model?: string | null; agent_id?: string | null; agent_version?: number | null };

/** A piece of what is thought, where others are of what is said. */
export type Thought = { type: "thinking"; thinking: { type: "text"; text: string }[] };

/** What is said and what is thought in a piece. */
export function saidIn(content: string | Thought): { text: string; thought: string } {
  if (typeof content === "string") return { text: content, thought: "" };
  return { text: "", thought: content.thinking.map(({ text }) => text).join("") };
}

/** What a streamed conversation tells, in the words of the wire. */
export type ConversationEvent =
  | { type: "conversation.response.started"; conversation_id: string; created_at: string }
  | ({
      type: "message.output.delta";
      id: string;
      content: string | Thought;
      output_index: number;
      content_index: number;
      role: "assistant";
      created_at: string;
    } & ByWhom)
  | ({
      type: "function.call.delta";
      id: string;
      name: string;
      tool_call_id: string;
      arguments: string;
      output_index: number;
    } & ByWhom)
  | { type: "agent.handoff.started"; id: string; previous_agent_id: string; previous_agent_name: string }
  | { type: "agent.handoff.done"; id: string; next_agent_id: string; next_agent_name: string }
  | { type: "conversation.response.done"; usage: Usage; cost_eur?: string }
  | { type: "conversation.response.error"; message: string; code: number };

/** Asks for an answer as any program does: over the network, with a key; an `@handle` in the text calls that agent. */
export async function openConversation(
  path: string,
  body: unknown,
  secret: string,
  signal: AbortSignal,
  { method = "POST" }: { method?: string } = {},
): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "application/json",
      accept: "text/event-stream",
      "x-agent-mentions": "on",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    // Cookies have no business in the API.
    credentials: "omit",
  });
  if (response.status === 401) throw new KeyEnded(await refusal(response));
  if (!response.ok) throw new Error(await refusal(response));
  return response;
}

/** The events of an answer as they arrive; an answer that broke off says so by throwing. */
export async function* eventsOf(response: Response): AsyncGenerator<ConversationEvent> {
  for await (const { event, data } of streamEventsOf(response)) yield eventOf(event ?? "", data);
}

function eventOf(name: string, data: string): ConversationEvent {
  const event = { type: name, ...JSON.parse(data) } as ConversationEvent;
  if (event.type === "conversation.response.error") throw new Error(event.message);
  return event;
}
