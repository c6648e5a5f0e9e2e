import { endpoint } from "#lib/gateway/http/endpoint.ts";
import { completeAgent } from "#lib/gateway/inference/agent-completions.ts";
import { agentCompletionInput } from "#lib/gateway/inference/agent-input.ts";
import { noteRefusal } from "#lib/gateway/inference/settlement.ts";
import { chatChunkShape, chatShape } from "./answer-shapes.ts";
import type { Routes } from "./app.ts";

export function agentCompletions(routes: Routes): void {
  routes.post(
    "/v1/agents/completions",
    endpoint({
      scope: "agents.use",
      name: "agents",
      summary: "Ask an agent for an answer to a conversation.",
      keeps: "agents",
      output: chatShape,
      events: chatChunkShape,
      input: agentCompletionInput,
      run: completeAgent,
      refused: noteRefusal,
    }),
  );
}
