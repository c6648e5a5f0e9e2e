import { z } from "zod";
import { chatInput } from "#lib/engine/port/input.ts";

/** `POST /v1/agents/completions`: a chat without what the agent decides. `agent_id` is looked up, so any text will do. */
export const agentCompletionInput = chatInput
  .omit({ model: true, temperature: true, top_p: true, safe_prompt: true })
  .extend({ agent_id: z.string().min(1).max(100) });
export type AgentCompletionInput = z.output<typeof agentCompletionInput>;
