import { z } from "zod";
import { chatParameters } from "#lib/engine/port/input.ts";
import { bodyOf, ignored, used } from "#lib/engine/port/parameters.ts";

const decided = ignored(z.unknown().optional(), "The agent decides it.");

/** What `POST /v1/agents/completions` does with each field: a chat without what the agent decides. */
export const agentParameters = {
  ...chatParameters,
  // It is looked up, so any text will do.
  agent_id: used(z.string().min(1).max(100), "Which agent answers."),
  model: decided,
  temperature: decided,
  top_p: decided,
  safe_prompt: decided,
};

export const agentCompletionInput = bodyOf(agentParameters);
export type AgentCompletionInput = z.output<typeof agentCompletionInput>;
