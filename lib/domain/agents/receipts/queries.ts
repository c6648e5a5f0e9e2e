import { and, desc, eq, or } from "drizzle-orm";
import { agentReceipts } from "#db/schema/agents.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { standingOf } from "#lib/domain/agents/queries.ts";
import type { AgentReceipt } from "./commands.ts";

/** What was deleted, the latest first, as far as a person could have known of it. */
export async function receiptsOf(ctx: Context): Promise<AgentReceipt[]> {
  authorize(ctx.actor, "agents.read");
  const { isAdmin, subject } = await standingOf(ctx);
  const isKnown = or(
    eq(agentReceipts.visibility, "workspace"),
    eq(agentReceipts.ownerId, subject as AgentReceipt["ownerId"]),
  );
  return ctx.db
    .select()
    .from(agentReceipts)
    .where(
      and(
        eq(agentReceipts.organizationId, ctx.organizationId),
        eq(agentReceipts.workspaceId, ctx.workspaceId),
        isAdmin ? undefined : isKnown,
      ),
    )
    .orderBy(desc(agentReceipts.id))
    .limit(200);
}
