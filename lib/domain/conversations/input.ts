import { z } from "zod";
import { agentTools, completionArgs, guardrails, metadata } from "#lib/domain/agents/input.ts";

const chunk = z.looseObject({ type: z.string(), text: z.string().optional() });
const content = z.union([z.string(), z.array(chunk).min(1, "Content without any chunk.")]);

/** What an entry of a history carries and is given anew here: programs send back what they were given. */
const common = {
  object: z.string().nullish(),
  id: z.string().max(100).nullish(),
  created_at: z.string().nullish(),
  completed_at: z.string().nullish(),
};
const made = { agent_id: z.string().nullish(), agent_version: z.unknown().optional(), model: z.string().nullish() };

export const inputEntry = z.discriminatedUnion("type", [
  z.object({
    ...common,
    type: z.literal("message.input"),
    role: z.enum(["user", "assistant"]),
    content,
    prefix: z.boolean().nullish(),
  }),
  z.object({
    ...common,
    ...made,
    type: z.literal("message.output"),
    role: z.literal("assistant").nullish(),
    content,
  }),
  z.object({
    ...common,
    ...made,
    type: z.literal("function.call"),
    tool_call_id: z.string().min(1).max(100),
    name: z.string().min(1).max(256),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]),
  }),
  z.object({
    ...common,
    type: z.literal("function.result"),
    tool_call_id: z.string().min(1).max(100),
    result: z.string(),
  }),
  z.object({
    ...common,
    type: z.literal("agent.handoff"),
    previous_agent_id: z.string(),
    previous_agent_name: z.string(),
    next_agent_id: z.string(),
    next_agent_name: z.string(),
  }),
]);
export type InputEntry = z.output<typeof inputEntry>;

const entry = z
  .looseObject({ type: z.string() })
  // A message may come without its type, as the documentation of the field's API shows it.
  .or(z.looseObject({ role: z.string() }).transform((message) => ({ ...message, type: "message.input" })))
  .pipe(inputEntry);
const inputs = z.union([z.string(), z.array(entry).max(10_000, "At most 10,000 entries.")]);

const version = z.union([z.number().int().min(0), z.string().min(1).max(64)]);
const handling = {
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  handoff_execution: z.enum(["client", "server"]).nullish(),
};
const name = z.string().trim().max(200, "At most 200 characters.");

/** `POST /v1/conversations`. */
export const startInput = z
  .strictObject({
    ...handling,
    inputs,
    model: z.string().min(1).max(256).nullish(),
    agent_id: z.string().min(1).max(100).nullish(),
    agent_version: version.nullish(),
    instructions: z.string().max(200_000, "At most 200,000 characters.").nullish(),
    tools: agentTools.nullish(),
    completion_args: completionArgs.nullish(),
    guardrails,
    name: name.nullish(),
    description: z.string().max(2000, "At most 2,000 characters.").nullish(),
    metadata,
  })
  .superRefine(({ model, agent_id, agent_version, instructions, tools }, issue) => {
    const say = (path: string, message: string) => issue.addIssue({ code: "custom", path: [path], message });
    if (!model === !agent_id) say("model", "Name either a model or an agent.");
    if (agent_version != null && !agent_id) say("agent_version", "A version needs an agent_id.");
    if (!agent_id) return;
    // What an agent says is the agent's; a conversation with it cannot say otherwise.
    if (instructions) say("instructions", "A conversation with an agent has the agent's instructions.");
    if (tools?.length) say("tools", "A conversation with an agent has the agent's tools.");
  });
export type StartInput = z.output<typeof startInput>;

const confirmations = z
  .array(z.unknown())
  .max(0, "Calls of functions are not held for confirmation here; leave the field out.")
  .nullish();

/** `POST /v1/conversations/{id}`. */
export const appendInput = z.strictObject({
  ...handling,
  inputs: inputs.nullish(),
  completion_args: completionArgs.nullish(),
  tool_confirmations: confirmations,
});
export type AppendInput = z.output<typeof appendInput>;

/** `POST /v1/conversations/{id}/restart`. */
export const restartInput = z.strictObject({
  ...handling,
  inputs: inputs.nullish(),
  completion_args: completionArgs.nullish(),
  guardrails,
  metadata,
  from_entry_id: z.string().min(1).max(100),
  agent_version: version.nullish(),
});
export type RestartInput = z.output<typeof restartInput>;

export const conversationName = name.min(1, "Give the conversation a name.");
