import { notFound } from "next/navigation";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { found } from "#app/(console)/found.ts";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { type AgentView, agentOf } from "#lib/domain/agents/queries.ts";

/** Whose page this is. To a person an agent is not shared with, there is nothing at its address. */
export async function enterAgent(
  params: Promise<{ workspace: string; agent: string }>,
): Promise<{ ctx: Context; agent: AgentView }> {
  const { agent: id } = await params;
  const ctx = await enter(params);
  if (!isId("agent", id) || !can(ctx.actor, "agents.read")) notFound();
  return { ctx, agent: await found(agentOf(ctx, id)) };
}
