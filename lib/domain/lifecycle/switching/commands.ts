import { command } from "#lib/core/command.ts";
import { saveDraft } from "#lib/domain/agents/commands.ts";
import { draftOf } from "#lib/domain/agents/queries.ts";
import { switchInput } from "./input.ts";

/** T-4.2.1-DISC4: has the draft of an agent ask another model. What is published stays until a person publishes the draft. */
export const switchAgentModel = command({
  can: "agents.write",
  within: "workspace",
  input: switchInput,
  run: async (ctx, { agent, model }): Promise<void> => {
    await saveDraft(ctx, { agent, content: { ...(await draftOf(ctx, agent)), model } });
  },
});
