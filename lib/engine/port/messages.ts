import { z } from "zod";
import type { ContentChunk, Message } from "./port.ts";

const text = z.string();
const chunk = z.looseObject({ type: z.string(), text: text.nullish() });
const content = z.union([text, z.array(chunk)]);
const maybe = content.nullish();
const name = text.nullish();

const called = z.object({
  name: text.max(256),
  arguments: z.union([text, z.record(z.string(), z.unknown())]).nullish(),
});
const toolCall = z.object({
  id: text.nullish(),
  type: z.literal("function", "Only calls of functions are taken here.").nullish(),
  function: called,
});

/**
 * A history comes from our own answers, from clients that parse them and from other APIs. What a message must have
 * is checked; what it may have is kept where it means something here; all else is dropped.
 */
const message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content, name }),
  z.object({ role: z.literal("user"), content: maybe, name }),
  z.object({
    role: z.literal("assistant"),
    content: maybe,
    tool_calls: z.array(toolCall).max(128).nullish(),
    function_call: called.nullish().describe("An older spelling of one call in tool_calls."),
    prefix: z.boolean().nullish(),
    reasoning_content: text.nullish(),
    reasoning: z.unknown().optional(),
    refusal: z.unknown().optional(),
    name,
  }),
  z.object({ role: z.literal("tool"), content: maybe, tool_call_id: text.nullish(), name }),
  z
    .object({ role: z.literal("function"), content: maybe, name })
    .describe("An older spelling of what a tool answered."),
]);
type Sent = z.output<typeof message>;
type Assistant = Extract<Sent, { role: "assistant" }>;

/** The messages of a request, as every engine understands them. */
export const messages = z
  .array(message)
  .min(1, "At least one message is needed.")
  .transform((sent): Message[] => {
    // The older spelling has no ids: a call and its answer are matched in order.
    let calls = 0;
    return sent.map((one) => {
      if (one.role === "assistant") {
        if (isOlderCall(one)) calls++;
        return assistant(one, calls);
      }
      return other(one, calls);
    });
  });

const isOlderCall = ({ function_call, tool_calls }: Assistant): boolean => !!function_call && !tool_calls?.length;

const idOf = (call: number): string => `func${String(call).padStart(5, "0")}`;

function other(sent: Exclude<Sent, Assistant>, calls: number): Message {
  const name = sent.name ?? undefined;
  if (sent.role === "user") return present({ role: sent.role, content: contentOf(sent.content), name });
  if (sent.role === "tool") {
    const { role, content, tool_call_id } = sent;
    return present({ role, content: contentOf(content), tool_call_id: tool_call_id ?? undefined, name });
  }
  if (sent.role === "function")
    return present({ role: "tool", content: contentOf(sent.content), tool_call_id: idOf(calls), name });
  return present({ role: "system", content: contentOf(sent.content), name });
}

function assistant(sent: Assistant, calls: number): Message {
  const { role, tool_calls, function_call, reasoning_content, reasoning, prefix, name } = sent;
  const older = isOlderCall(sent) && function_call ? [{ id: idOf(calls), function: function_call }] : [];
  const made = (tool_calls?.length ? tool_calls : older).map(({ id, function: called }) => ({
    ...(id ? { id } : {}),
    type: "function" as const,
    function: { name: called.name, arguments: called.arguments ?? "{}" },
  }));
  return present({
    role,
    content: contentOf(sent.content) ?? refusalOf(sent) ?? (made.length > 0 ? null : ""),
    tool_calls: made.length > 0 ? made : undefined,
    prefix: prefix ?? undefined,
    reasoning_content: reasoning_content ?? (typeof reasoning === "string" ? reasoning : undefined),
    name: name ?? undefined,
  });
}

const refusalOf = ({ refusal }: Assistant): string | undefined =>
  typeof refusal === "string" && refusal !== "" ? refusal : undefined;

/** Without the fields that say nothing. */
function present(message: Message): Message {
  for (const name in message) if (message[name as keyof Message] === undefined) delete message[name as keyof Message];
  return message;
}

function contentOf(content: z.output<typeof maybe>): Message["content"] {
  if (!Array.isArray(content)) return content ?? undefined;
  return content.map(chunkOf);
}

const otherNames = new Set(["output_text", "input_text"]);

/** A chunk under the name it has here. */
function chunkOf({ type, text, ...rest }: z.output<typeof chunk>): ContentChunk {
  if (otherNames.has(type)) return { type: "text", text: text ?? "" };
  if (type === "refusal") return { type: "text", text: typeof rest.refusal === "string" ? rest.refusal : (text ?? "") };
  return { type, ...rest, ...(text === null || text === undefined ? {} : { text }) };
}
