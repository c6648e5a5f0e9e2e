import { z } from "zod";

const count = z.number().int().min(0);
const json = z.record(z.string(), z.unknown());
const status = z.enum(["in_progress", "completed", "incomplete"]);

const outputItem = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    id: z.string(),
    status,
    role: z.literal("assistant"),
    content: z.array(
      z.object({
        type: z.literal("output_text"),
        text: z.string(),
        annotations: z.array(z.unknown()),
        logprobs: z.array(z.unknown()),
      }),
    ),
  }),
  z.object({
    type: z.literal("function_call"),
    id: z.string(),
    status,
    call_id: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
    arguments: z.string(),
  }),
  z.object({
    type: z.literal("reasoning"),
    id: z.string(),
    status,
    summary: z.array(z.object({ type: z.literal("summary_text"), text: z.string() })),
    content: z.array(z.object({ type: z.literal("reasoning_text"), text: z.string() })).optional(),
  }),
]);

export const responseShape = z.object({
  id: z.string(),
  object: z.literal("response"),
  created_at: count,
  completed_at: count.nullable(),
  status: z.enum(["in_progress", "completed", "incomplete", "failed"]),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.enum(["max_output_tokens", "content_filter"]) }).nullable(),
  model: z.string(),
  output: z.array(outputItem),
  usage: z
    .object({
      input_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.object({ reasoning_tokens: count }),
      total_tokens: count,
    })
    .nullable(),
  background: z.literal(false),
  instructions: z.string().nullable(),
  max_output_tokens: z.number().nullable(),
  max_tool_calls: z.number().nullable(),
  metadata: json,
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
  reasoning: z.object({ effort: z.string().nullable(), summary: z.string().nullable() }),
  safety_identifier: z.string().nullable(),
  service_tier: z.string(),
  store: z.boolean(),
  temperature: z.number().nullable(),
  text: z.object({ format: z.looseObject({ type: z.string() }), verbosity: z.string() }),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: z.string() })),
  top_logprobs: count,
  top_p: z.number().nullable(),
  truncation: z.string(),
  user: z.string().nullable(),
});

export const deletedShape = z.object({ id: z.string(), object: z.literal("response"), deleted: z.literal(true) });

export const inputItemsShape = z.object({
  object: z.literal("list"),
  data: z.array(z.looseObject({ type: z.string(), id: z.string() })),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
});

const numbered = { sequence_number: count };
const place = { ...numbered, item_id: z.string(), output_index: count };
const part = z.looseObject({ type: z.string(), text: z.string() });
const inContent = { ...place, content_index: count };
const inSummary = { ...place, summary_index: count };

/** One event of a response that is streamed; its name is its type. */
export const responseEventShape = z.discriminatedUnion("type", [
  z.object({
    ...numbered,
    type: z.enum([
      "response.created",
      "response.in_progress",
      "response.completed",
      "response.incomplete",
      "response.failed",
    ]),
    response: responseShape,
  }),
  z.object({
    ...numbered,
    type: z.enum(["response.output_item.added", "response.output_item.done"]),
    output_index: count,
    item: outputItem,
  }),
  z.object({ ...inContent, type: z.enum(["response.content_part.added", "response.content_part.done"]), part }),
  z.object({
    ...inContent,
    type: z.enum(["response.output_text.delta", "response.reasoning_text.delta"]),
    delta: z.string(),
    logprobs: z.array(z.unknown()).optional(),
  }),
  z.object({
    ...inContent,
    type: z.enum(["response.output_text.done", "response.reasoning_text.done"]),
    text: z.string(),
    logprobs: z.array(z.unknown()).optional(),
  }),
  z.object({
    ...inSummary,
    type: z.enum(["response.reasoning_summary_part.added", "response.reasoning_summary_part.done"]),
    part,
  }),
  z.object({ ...inSummary, type: z.literal("response.reasoning_summary_text.delta"), delta: z.string() }),
  z.object({ ...inSummary, type: z.literal("response.reasoning_summary_text.done"), text: z.string() }),
  z.object({ ...place, type: z.literal("response.function_call_arguments.delta"), delta: z.string() }),
  z.object({
    ...place,
    type: z.literal("response.function_call_arguments.done"),
    name: z.string(),
    arguments: z.string(),
  }),
  z.object({
    ...numbered,
    type: z.literal("error"),
    code: z.string(),
    message: z.string(),
    param: z.string().nullable(),
    error: z.looseObject({ message: z.string() }),
    object: z.literal("error"),
    raw_status_code: count,
  }),
]);
