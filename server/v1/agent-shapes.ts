import { z } from "zod";
import type { UpdateAgentInput } from "#lib/domain/agents/input.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import type { AgentAlias, AgentVersion } from "#lib/domain/agents/versions/view.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";

const json = z.record(z.string(), z.unknown());

/** An agent as programs know it: what one of its versions says, beside what is true of all of them. */
export const agentShape = z.object({
  object: z.literal("agent"),
  id: z.string(),
  name: z.string(),
  handle: z.string().describe("What @handle calls it by."),
  color: z.string(),
  model: z.string(),
  description: z.string().nullable(),
  instructions: z.string().nullable(),
  examples: z.array(z.object({ input: z.string(), output: z.string() })),
  tools: z.array(json),
  completion_args: json,
  guardrails: z.null(),
  handoffs: z.array(z.string()).nullable(),
  metadata: json.nullable(),
  version: z.number().int(),
  versions: z.array(z.number().int()),
  version_message: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  deployment_chat: z.boolean(),
  source: z.string(),
});
export type AgentShape = z.output<typeof agentShape>;

export const agentPageShape = z.object({
  object: z.literal("list"),
  data: z.array(agentShape),
  next_page_token: z.string().nullable(),
});

export const aliasShape = z.object({
  alias: z.string(),
  version: z.number().int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

type AgentContent = AgentVersion["content"];
type Version = Pick<AgentVersion, "version" | "content" | "message">;

export const agentOut = (agent: AgentView, { version, content, message }: Version, versions: number[]): AgentShape => ({
  object: "agent",
  id: agent.id,
  name: agent.name,
  handle: agent.handle,
  color: agent.color,
  ...content,
  guardrails: null,
  version,
  versions,
  version_message: message,
  created_at: agent.createdAt.toISOString(),
  updated_at: agent.updatedAt.toISOString(),
  deployment_chat: agent.deploymentChat,
  source: agent.source,
});

export const aliasOut = ({ alias, version, createdAt, updatedAt }: AgentAlias): z.output<typeof aliasShape> => ({
  alias,
  version,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

/** What of a change is about a version, and not about the agent itself. */
const ofVersion = [
  "name",
  "model",
  "description",
  "instructions",
  "examples",
  "tools",
  "completion_args",
  "handoffs",
  "metadata",
  "version_message",
] as const satisfies readonly (keyof UpdateAgentInput)[];

export const makesVersion = (input: UpdateAgentInput): boolean => ofVersion.some((name) => input[name] !== undefined);

/** What is left out stays, and null takes away; a model there must be. */
export function merged(input: Partial<UpdateAgentInput>, into: AgentContent | string): AgentContent {
  const before = typeof into === "string" ? emptyContent(into) : into;
  const kept = <K extends keyof AgentContent>(
    name: K,
    given: AgentContent[K] | null | undefined,
    none: AgentContent[K],
  ) => (given === undefined ? before[name] : (given ?? none));
  return {
    model: input.model ?? before.model,
    description: kept("description", input.description, null),
    instructions: kept("instructions", input.instructions, null),
    examples: kept("examples", input.examples, []),
    tools: kept("tools", input.tools, []),
    completion_args: kept("completion_args", input.completion_args, {}),
    handoffs: kept("handoffs", input.handoffs, null),
    metadata: kept("metadata", input.metadata, null),
  };
}

/** The agent a page ended with, in a form that programs only pass on. */
export const pageToken = (id: string): string => Buffer.from(id, "latin1").toString("base64url");
export const agentOfToken = (token: string): string => Buffer.from(token, "base64url").toString("latin1");
