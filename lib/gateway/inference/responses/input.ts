import { z } from "zod";
import { chatParameters } from "#lib/engine/port/input.ts";
import { bodyOf, ignored, type Parameter, passedOn, refused, used } from "#lib/engine/port/parameters.ts";
import { functionShape } from "#lib/engine/port/tools.ts";

const text = z.string();
const json = z.record(z.string(), z.unknown());
const id = text.max(256).nullish();
const status = text.nullish();

const part = z.looseObject({ type: text, text: text.nullish() });
const content = z.union([text, z.array(part)]);
const callId = text.min(1).max(256);

const knownItem = z.discriminatedUnion(
  "type",
  [
    z.object({
      type: z.literal("message"),
      id,
      status,
      role: z.enum(["user", "assistant", "system", "developer"]),
      content,
    }),
    z.object({
      type: z.literal("function_call"),
      id,
      status,
      call_id: callId,
      name: text.min(1).max(256),
      namespace: text.max(256).nullish(),
      arguments: text,
    }),
    z.object({ type: z.literal("function_call_output"), id, status, call_id: callId, output: content }),
    z.object({
      type: z.literal("reasoning"),
      id,
      status,
      summary: z.array(part).nullish(),
      content: z.array(part).nullish(),
      encrypted_content: z.unknown().optional(),
    }),
    z.object({ type: z.literal("item_reference"), id: text.min(1).max(256) }),
  ],
  {
    error:
      "Items are message, function_call, function_call_output, reasoning or item_reference; tools that run on the server are not offered.",
  },
);
export type InputItem = z.output<typeof knownItem>;
export type Part = z.output<typeof part>;

/** Messages and references may come without their type. */
const item = z
  .union([
    z.looseObject({ type: text }),
    z.looseObject({ role: text }).transform((message) => ({ ...message, type: "message" })),
    z.looseObject({ id: text }).transform((reference) => ({ ...reference, type: "item_reference" })),
  ])
  .pipe(knownItem);

/** What a tool says where it is a function; what other kinds say is not looked at. */
const toolFields = {
  type: text,
  name: functionShape.shape.name.optional(),
  description: text.nullish(),
  parameters: json.nullish(),
  strict: z.boolean().nullish(),
};
const hasName = ({ type, name }: { type: string; name?: string | undefined }): boolean =>
  type !== "function" || name !== undefined;
const unnamed = { path: ["name"], message: "A function needs a name." };

/** A namespace holds functions, under a name that calls of them carry too. */
const tool = z
  .looseObject({
    ...toolFields,
    tools: z.array(z.looseObject(toolFields).refine(hasName, unnamed)).max(128).optional(),
  })
  .refine(hasName, unnamed);

const choice = z.union([
  z.enum(["auto", "none", "required"]),
  z.looseObject({
    type: text,
    name: text.optional(),
    namespace: text.optional(),
    mode: z.enum(["auto", "required"]).optional(),
    tools: z.array(z.looseObject({ type: text, name: text.optional() })).optional(),
  }),
]);
export type Choice = z.output<typeof choice>;

const format = z
  .object({
    type: z.enum(["text", "json_object", "json_schema"]),
    name: text.nullish(),
    schema: json.nullish(),
    strict: z.boolean().nullish(),
    description: text.nullish(),
  })
  .refine(({ type, schema }) => type !== "json_schema" || schema, {
    path: ["schema"],
    message: "A json_schema format needs its schema.",
  });

const textSettings = z.looseObject({ format: format.nullish(), verbosity: text.nullish() });

/** Its `verbosity` alone is for the upstream. */
const textParameter: Parameter<z.ZodOptional<z.ZodNullable<typeof textSettings>>> = {
  ...passedOn(
    textSettings.nullish(),
    "Its `format` is used: text, JSON, or JSON of a schema; its `verbosity` is passed on.",
  ),
  becomes: (value) => ({ verbosity: (value as z.output<typeof textSettings>).verbosity }),
  isNeutral: (value) => ["medium", null, undefined].includes((value as z.output<typeof textSettings>).verbosity),
};

const {
  model,
  user,
  safety_identifier,
  temperature,
  top_p,
  stream,
  stream_options,
  max_tokens,
  parallel_tool_calls,
  reasoning,
  prompt_cache_key,
  prompt_cache_retention,
  service_tier,
} = chatParameters;

/** What `POST /v1/responses` does with each field. */
export const responseParameters = {
  model,
  user,
  safety_identifier,
  temperature,
  top_p,
  stream,
  stream_options,
  input: used(
    z.union([text, z.array(item).min(1, "At least one item is needed.").max(10_000, "At most 10,000 items.")]),
    "A text, or items: messages, calls of functions and what they gave, thoughts, and references to what is stored.",
  ),
  instructions: used(text.nullish(), "Stands before the input; not taken over from the response before."),
  max_output_tokens: used(max_tokens.schema, "Most tokens of an answer; -1 is as good as none."),
  tools: used(
    z.array(tool).max(128, "At most 128 tools.").nullish(),
    "Functions the model may call, alone or in namespaces. Other tools are refused, except that Codex's own are left out.",
  ),
  tool_choice: used(choice.nullish(), "Whether, and which of them, it calls."),
  parallel_tool_calls,
  text: textParameter,
  reasoning: {
    ...reasoning,
    schema: z.looseObject({ effort: text.nullish(), summary: text.nullish() }).nullish(),
    says: "Its `effort` becomes `reasoning_effort`; with a `summary` thoughts are told as one, else as they are.",
    isNeutral: (value: unknown) => !(value as { effort?: unknown }).effort,
  },
  store: used(
    z.boolean().nullish(),
    "Whether the response is kept, as a turn of a conversation; it is unless this is false or the key may not use conversations.",
  ),
  previous_response_id: used(text.max(256).nullish(), "The stored response that this one goes on from."),
  metadata: used(json.nullish(), "Given back, and kept with what is stored."),
  prompt_cache_key,
  prompt_cache_retention,
  service_tier,
  include: ignored(z.array(text).nullish(), "There is nothing more to include.", []),
  truncation: ignored(text.nullish(), "What is too long is refused.", "disabled"),
  top_logprobs: ignored(z.number().nullish(), "Log probabilities are not offered.", 0),
  max_tool_calls: ignored(z.number().nullish(), "It counts calls of tools that run on the server; there are none."),
  background: refused("Answers in the background are not offered; stream the answer instead.", false),
  conversation: refused("Go on with previous_response_id, or use /v1/conversations."),
  prompt: refused("Prompt templates are not offered; send instructions and input."),
};

export const responseInput = bodyOf(responseParameters);
export type ResponseInput = z.output<typeof responseInput>;
