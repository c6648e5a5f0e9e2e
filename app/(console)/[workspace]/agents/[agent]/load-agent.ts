import { type Asked, asId } from "#app/doors/workspace-page.tsx";
import type { Context } from "#lib/core/context.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";

/** The agent of a page's address. To a person it is not shared with, there is nothing there. */
export const loadAgent = (ctx: Context, { params }: Asked): Promise<AgentView> =>
  agentOf(ctx, asId("agent", params.agent));
