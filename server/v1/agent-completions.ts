import { completeAgent } from "#lib/agents/completions/commands.ts";
import { agentCompletionInput } from "#lib/agents/completions/input.ts";
import { noteRefusal } from "#lib/answering/event.ts";
import { endpoint } from "#lib/endpoint.ts";
import type { Routes } from "./app.ts";

export function agentCompletions(routes: Routes): void {
  routes.post(
    "/v1/agents/completions",
    endpoint({
      scope: "agents.use",
      name: "agents",
      summary: "Ask an agent for an answer to a conversation.",
      keeps: true,
      input: agentCompletionInput,
      run: completeAgent,
      refused: noteRefusal,
    }),
  );
}
