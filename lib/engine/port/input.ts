import { z } from "zod";

const text = z.string();
const chunk = z.looseObject({ type: z.string(), text: text.optional() });
const content = z.union([text, z.array(chunk)]);
const positive = z.number().int().min(0);
const parameters = z.record(z.string(), z.unknown());

const toolCall = z.looseObject({
  id: text.optional(),
  type: z.literal("function").optional(),
  function: z.object({ name: text.max(256), arguments: z.union([text, parameters]) }),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content, name: text.optional() }),
  z.strictObject({ role: z.literal("user"), content: content.nullish(), name: text.optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    tool_calls: z.array(toolCall).max(128).nullish(),
    prefix: z.boolean().optional(),
    name: text.optional(),
    // What the openai client gives back of an answer it got.
    refusal: z.null().optional(),
    annotations: z.array(z.unknown()).max(0).nullish(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    content: content.nullish(),
    tool_call_id: text.nullish(),
    name: text.nullish(),
  }),
]);

const tool = z.strictObject({
  type: z.literal("function").default("function"),
  function: z.strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{1,64}$/, "A function's name has 1 to 64 letters, digits, underscores or dashes."),
    description: text.optional(),
    parameters: parameters.optional(),
    strict: z.boolean().nullish(),
  }),
});

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), json_schema: z.null().optional() }),
  z.strictObject({ type: z.literal("json_object"), json_schema: z.null().optional() }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: text,
      schema: parameters,
      strict: z.boolean().nullish(),
      description: text.nullish(),
    }),
  }),
]);

const sampling = {
  model: z.string().min(1).max(256),
  temperature: z.number().min(0).max(1.5).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  max_tokens: positive.nullish(),
  stream: z.boolean().nullish(),
  stop: z.union([text, z.array(text).max(64)]).nullish(),
  random_seed: positive.nullish(),
  metadata: parameters.nullish(),
  prompt_cache_key: text.nullish(),
  // Names the openai clients use for the same things, and what they send without being asked.
  max_completion_tokens: positive.nullish(),
  seed: positive.nullish(),
  stream_options: z.looseObject({}).nullish(),
  user: z.string().max(256).nullish(),
  store: z.literal(false, "Storing completions is not offered.").nullish(),
};

export const chatInput = z.strictObject({
  ...sampling,
  messages: z.array(message).min(1, "At least one message is needed."),
  response_format: responseFormat.nullish(),
  tools: z.array(tool).max(128, "At most 128 tools.").nullish(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "any", "required"]),
      z.strictObject({ type: z.literal("function").optional(), function: z.object({ name: text }) }),
    ])
    .nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  n: z.number().int().min(1).max(16, "At most 16 answers at once.").nullish(),
  prediction: z.looseObject({ type: z.literal("content").optional() }).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning_effort: text.nullish(),
  prompt_mode: z.literal("reasoning").nullish(),
  guardrails: z.array(z.unknown()).max(0, "Guardrails are not offered; leave the field out.").nullish(),
  service_tier: z.enum(["auto", "standard_only", "default"]).nullish(),
  safe_prompt: z.boolean().nullish(),
  logprobs: z.literal(false, "Log probabilities are not offered.").nullish(),
});
export type ChatInput = z.output<typeof chatInput>;

export const fimInput = z.strictObject({
  ...sampling,
  prompt: text,
  suffix: text.nullish(),
  min_tokens: positive.nullish(),
});
export type FimInput = z.output<typeof fimInput>;

const embedded = z.union([
  text,
  z.array(text).min(1, "At least one text is needed.").max(2048, "At most 2048 texts at once."),
]);

export const embeddingInput = z
  .strictObject({
    model: sampling.model,
    input: embedded.optional(),
    // The Python client's older name of the field.
    inputs: embedded.optional(),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    output_dtype: z.literal("float", "Vectors are floats; other types are not offered.").nullish(),
    output_dimension: z.number().int().min(1).max(4096).nullish(),
    dimensions: z.number().int().min(1).max(4096).nullish(),
    metadata: parameters.nullish(),
    user: sampling.user,
  })
  .refine((given) => (given.input === undefined) !== (given.inputs === undefined), {
    path: ["input"],
    message: "This field is required.",
  });
export type EmbeddingInput = z.output<typeof embeddingInput>;
