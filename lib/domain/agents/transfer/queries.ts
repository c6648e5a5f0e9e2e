import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { agentOf, draftOf } from "#lib/domain/agents/queries.ts";
import { versionOf } from "#lib/domain/agents/versions/queries.ts";
import { fileOf } from "./rules.ts";

/** An agent as a file: what its builders are working on, or, for those who may not change it, what is published. */
export async function exportOf(ctx: Context, id: string): Promise<{ name: string; text: string }> {
  authorize(ctx.actor, "agents.read");
  const agent = await agentOf(ctx, id);
  const content = agent.rights.has("edit") ? await draftOf(ctx, id) : (await versionOf(ctx, agent)).content;
  return { name: `${agent.handle}.agent.json`, text: fileOf(agent, content) };
}
