import { z } from "zod";
import { type AgentContent, agentColors } from "#db/schema/agents.ts";
import { idField } from "#lib/core/id-field.ts";
import { handlePattern } from "./handles/rules.ts";

export const agentId = idField("agent", "This is not an agent's id.");

export const agentName = z
  .string()
  .trim()
  .min(1, "Give the agent a name, such as Travel planner.")
  .max(80, "At most 80 characters.");

export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => text.replace(/^@/, ""))
  .refine(
    (text) => handlePattern.test(text),
    "1 to 32 letters a to z, digits and dashes, such as travel-planner; no dash at either end.",
  );

export const color = z.enum(agentColors, "Choose one of the colours.");
export const versionMessage = z.string().trim().max(500, "At most 500 characters.");

const json = z.record(z.string(), z.unknown(), "This has to be an object in JSON.");
const text = z.string().max(200_000, "At most 200,000 characters.");

const offered = "Only function tools are offered; take the other tools out.";
const functionTool = z.strictObject({
  type: z.literal("function", offered).default("function"),
  function: z.strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{1,64}$/, "A function's name has 1 to 64 letters, digits, underscores or dashes."),
    description: z
      .string()
      .max(4000, "At most 4,000 characters.")
      .nullish()
      .transform((text) => text ?? ""),
    strict: z
      .boolean()
      .nullish()
      .transform((isStrict) => isStrict ?? false),
    parameters: json.nullish().transform((schema) => schema ?? { type: "object", properties: {} }),
  }),
});
export const agentTools = z
  .array(functionTool)
  .max(128, "At most 128 tools.")
  .refine(
    (tools) => new Set(tools.map((tool) => tool.function.name)).size === tools.length,
    "Two tools have the same name.",
  );

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), json_schema: z.null().optional() }),
  z.strictObject({ type: z.literal("json_object"), json_schema: z.null().optional() }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: z.string().min(1, "Give the schema a name, such as answer."),
      schema: json,
      strict: z.boolean().nullish(),
      description: z.string().nullish(),
    }),
  }),
]);

const between = (low: number, high: number) => {
  const words = `A number from ${low} to ${high}.`;
  return z.number(words).min(low, words).max(high, words);
};
const wholeWords = "A whole number, 0 or more.";
const whole = z.number(wholeWords).int(wholeWords).min(0, wholeWords);
const share = "A number above 0, up to 1.";

/** How an agent's model is asked, in the names of the wire. */
export const completionArgs = z.strictObject({
  stop: z.union([z.string(), z.array(z.string()).max(64, "At most 64 texts.")]).nullish(),
  presence_penalty: between(-2, 2).nullish(),
  frequency_penalty: between(-2, 2).nullish(),
  temperature: between(0, 1).nullish(),
  top_p: z.number(share).gt(0, share).max(1, share).nullish(),
  max_tokens: whole.nullish(),
  random_seed: whole.nullish(),
  prediction: z.looseObject({ type: z.literal("content").optional() }).nullish(),
  response_format: responseFormat.nullish(),
  tool_choice: z.enum(["auto", "none", "any", "required"]).nullish(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).nullish(),
});
export type CompletionArgs = z.output<typeof completionArgs>;

export const guardrails = z.array(z.unknown()).max(0, "Guardrails are not offered; leave the field out.").nullish();
export const metadata = json.nullish();

const example = z.strictObject({
  input: z.string().trim().min(1, "An example needs an input.").max(20_000),
  output: z.string().trim().min(1, "An example needs an output.").max(20_000),
});

const parts = {
  model: z.string().min(1, "Choose a model.").max(256),
  description: z.string().max(2000, "At most 2,000 characters.").nullable(),
  instructions: text.nullable(),
  examples: z.array(example).max(50, "At most 50 examples."),
  tools: agentTools,
  completion_args: completionArgs,
  handoffs: z.array(agentId).min(1, "Name at least one agent, or none at all.").max(32, "At most 32.").nullable(),
  metadata: json.nullable(),
};

/** What a version says, whole: of the builder's form and of a file. */
export const agentContent = z.strictObject(parts) satisfies z.ZodType<AgentContent>;

const asked = {
  description: parts.description.optional(),
  instructions: parts.instructions.optional(),
  examples: parts.examples.optional(),
  tools: parts.tools.nullish(),
  completion_args: parts.completion_args.nullish(),
  handoffs: parts.handoffs.optional(),
  metadata: parts.metadata.optional(),
  guardrails,
  version_message: versionMessage.nullish(),
  /** Ours: what it is called by, and its colour. */
  handle: handle.optional(),
  color: color.optional(),
};

/** `POST /v1/agents`. */
export const createAgentInput = z.strictObject({ ...asked, model: parts.model, name: agentName });

/** `PATCH /v1/agents/{id}`: what is left out stays, null takes away. */
export const updateAgentInput = z.strictObject({
  ...asked,
  model: parts.model.nullish(),
  name: agentName.nullish(),
  deployment_chat: z.boolean().nullish(),
});
export type UpdateAgentInput = z.output<typeof updateAgentInput>;

/** A name for a version, as the field's API has it. */
export const alias = z
  .string()
  .max(64, "At most 64 characters.")
  .regex(
    /^[a-z]([a-z0-9_-]*[a-z0-9])?$/,
    "Begins with a letter a to z; then letters, digits, _ and -, ending in a letter or digit.",
  );
