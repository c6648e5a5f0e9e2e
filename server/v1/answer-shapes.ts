import { z } from "zod";

const count = z.number().int().min(0);
const json = z.record(z.string(), z.unknown());

const usage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count }),
});

const called = z.object({ name: z.string(), arguments: z.string() });
const toolCall = z.object({ id: z.string(), type: z.literal("function"), function: called });
/** Text, or pieces of it where a model thought before it answered. */
const content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]);
const finish = z.enum(["stop", "length", "model_length", "error", "tool_calls", "function_call", "content_filter"]);
const thought = z.string().nullable().optional();

const head = { id: z.string(), created: count, model: z.string() };

export const chatShape = z.object({
  ...head,
  object: z.literal("chat.completion"),
  choices: z.array(
    z.object({
      index: count,
      message: z.object({
        role: z.literal("assistant"),
        content: content.nullable(),
        tool_calls: z.array(toolCall).nullable(),
        function_call: called.optional().describe("In the place of tool_calls where functions were offered."),
        prefix: z.boolean(),
        reasoning_content: thought,
      }),
      finish_reason: finish,
    }),
  ),
  usage,
});

const chunk = {
  ...head,
  object: z.literal("chat.completion.chunk"),
  choices: z.array(
    z.object({
      index: count,
      delta: z.object({
        role: z.literal("assistant").optional(),
        content: content.nullable().optional(),
        tool_calls: z
          .array(
            z.object({
              index: count,
              id: z.string().optional(),
              type: z.literal("function").optional(),
              function: called.partial(),
            }),
          )
          .optional(),
        function_call: called.partial().optional(),
        reasoning_content: thought,
      }),
      finish_reason: finish.nullable(),
    }),
  ),
};

/** One event of a chat that is streamed. Where an answer breaks off, clients that know no other error read it in the last. */
export const chatChunkShape = z.union([
  z.object({ ...chunk, usage: usage.optional() }),
  z.looseObject({ ...chunk, usage, error: z.looseObject({ message: z.string(), type: z.string(), code: z.string() }) }),
]);

const text = {
  ...head,
  object: z.literal("text_completion"),
  choices: z.array(
    z.object({
      index: count,
      text: z.string(),
      logprobs: z.null(),
      finish_reason: z.enum(["stop", "length", "error", "tool_calls", "content_filter"]).nullable(),
    }),
  ),
};
export const textShape = z.object({ ...text, usage });
export const textChunkShape = z.object({ ...text, usage: usage.optional() });

export const embeddingsShape = z.object({
  id: z.string(),
  object: z.literal("list"),
  model: z.string(),
  data: z.array(
    z.object({
      object: z.literal("embedding"),
      index: count,
      embedding: z.union([z.array(z.number()), z.string()]).describe("Numbers, or as base64 where that was asked for."),
    }),
  ),
  usage,
});

export const moderationShape = z.object({
  id: z.string(),
  model: z.string(),
  results: z.array(
    z.object({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean()),
      category_scores: z.record(z.string(), z.number()),
    }),
  ),
  usage,
});

const modelCard = z.object({
  id: z.string(),
  object: z.literal("model"),
  created: count,
  owned_by: z.string(),
  capabilities: z.record(z.string(), z.boolean()),
  name: z.string(),
  description: z.string(),
  max_context_length: count,
  aliases: z.array(z.string()),
  deprecation: z.string().nullable(),
  deprecation_replacement_model: z.string().nullable(),
  retires_at: z.string().nullable(),
  shutdown_date: z.string().nullable(),
  default_model_temperature: z.number().nullable(),
  internal: z.boolean(),
});
export const modelShape = z.union([
  modelCard.extend({ type: z.literal("base") }),
  modelCard.extend({ type: z.literal("fine-tuned"), job: z.uuid(), root: z.string(), archived: z.boolean() }),
]);
export const modelsShape = z.object({ object: z.literal("list"), data: z.array(modelShape) });

const made = {
  agent_id: z.string().nullable(),
  agent_version: z.union([z.number(), z.string()]).nullable(),
  model: z.string().nullable(),
};
const common = {
  object: z.literal("entry"),
  id: z.string(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
};

const messageEntry = z.union([
  z.looseObject({ ...common, type: z.literal("message.input"), role: z.enum(["user", "assistant"]), content }),
  z.looseObject({ ...common, ...made, type: z.literal("message.output"), role: z.literal("assistant"), content }),
]);
const entry = z.union([
  messageEntry,
  z.looseObject({ ...common, ...made, ...called.shape, type: z.literal("function.call"), tool_call_id: z.string() }),
  z.looseObject({ ...common, type: z.literal("function.result"), tool_call_id: z.string(), result: z.string() }),
  z.looseObject({
    ...common,
    type: z.literal("agent.handoff"),
    previous_agent_id: z.string(),
    previous_agent_name: z.string(),
    next_agent_id: z.string(),
    next_agent_name: z.string(),
  }),
]);

const turnUsage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  connector_tokens: z.null(),
  connectors: z.null(),
});

export const turnShape = z.object({
  object: z.literal("conversation.response"),
  conversation_id: z.string(),
  outputs: z.array(entry),
  usage: turnUsage,
  cost_eur: z.string(),
  guardrails: z.null(),
});

/** One event of a turn that is streamed; its name is its type. */
export const turnEventShape = z.looseObject({
  type: z.enum([
    "conversation.response.started",
    "conversation.response.done",
    "conversation.response.error",
    "message.output.delta",
    "function.call.delta",
    "agent.handoff.started",
    "agent.handoff.done",
  ]),
  created_at: z.string(),
});

const conversation = {
  object: z.literal("conversation"),
  id: z.string(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  metadata: json.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};
export const conversationShape = z.union([
  z.object({ ...conversation, agent_id: z.string(), agent_version: z.union([z.number(), z.string()]).nullable() }),
  z.object({
    ...conversation,
    model: z.string().nullable(),
    instructions: z.string().nullable(),
    tools: z.array(json),
    completion_args: json,
    guardrails: z.null(),
  }),
]);
export const conversationsShape = z.array(conversationShape);
export const historyShape = z.object({
  object: z.literal("conversation.history"),
  conversation_id: z.string(),
  entries: z.array(entry),
});
export const messagesShape = z.object({
  object: z.literal("conversation.messages"),
  conversation_id: z.string(),
  messages: z.array(messageEntry),
});
