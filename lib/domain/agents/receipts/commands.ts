import { and, count, eq, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { agentAliases, agentGrants, agentReceipts, agents, agentVersions } from "#db/schema/agents.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { agentInput } from "#lib/domain/agents/builder/input.ts";
import { agentOf, here } from "#lib/domain/agents/queries.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";

export type AgentReceipt = typeof agentReceipts.$inferSelect;

/**
 * Removes an agent at once with everything of it (T-4.3-DEL1), and keeps a receipt of what that was. Conversations with it
 * keep their text.
 */
export const deleteAgent = command({
  can: "agents.write",
  within: "workspace",
  input: agentInput,
  run: async (ctx, { agent: agentId }): Promise<AgentReceipt> => {
    return transaction(ctx, async (ctx) => {
      const { id, name, handle, ownerId, visibility, hasDraft, version } = await agentOf(ctx, agentId, "manage");
      const removed = { ...(await partsOf(ctx, id)), drafts: hasDraft ? 1 : 0 };
      const size = await sizeOf(ctx, id);
      await ctx.db.delete(agents).where(here(ctx, id));
      const { organizationId, workspaceId, now: deletedAt } = ctx;
      const made = { organizationId, id: newId("agentReceipt", deletedAt), workspaceId, agentId: id, name, handle };
      const receipt = { ...made, ownerId, visibility, removed, deletedBy: ctx.actor.name, deletedAt };
      await ctx.db.insert(agentReceipts).values(receipt);
      const signed = await issueReceipt(ctx, {
        cause: "own",
        clause: "T-4.3-DEL1",
        workspaceId,
        targets: [{ kind: "agent", id }],
        removed: [{ class: "agents", items: 1, ...size }],
      });
      await writeAudit(ctx, {
        action: "agent.delete",
        object: { type: "agent", id },
        before: { version },
        after: { receipt: receipt.id, signed, removed },
        clause: "T-4.3-DEL1",
      });
      await publishWebhookEvent(ctx, "agent.deleted", {
        agent_id: id,
        workspace_id: workspaceId,
        receipt_id: receipt.id,
      });
      return receipt;
    });
  },
});

/** How much it was with its versions, and from when to when it was made. */
async function sizeOf(ctx: Context, agentId: Id<"agent">) {
  const [one] = await ctx.db
    .select({
      bytes: sql`pg_column_size(${agents}.*)`.mapWith(Number),
      oldest: agents.createdAt,
      newest: agents.updatedAt,
    })
    .from(agents)
    .where(here(ctx, agentId));
  const [versions] = await ctx.db
    .select({ bytes: sql`coalesce(sum(pg_column_size(${agentVersions}.*)), 0)`.mapWith(Number) })
    .from(agentVersions)
    .where(and(eq(agentVersions.organizationId, ctx.organizationId), eq(agentVersions.agentId, agentId)));
  return { oldest: null, newest: null, ...one, bytes: (one?.bytes ?? 0) + (versions?.bytes ?? 0) };
}

async function partsOf(ctx: Context, agentId: Id<"agent">) {
  const { organizationId } = ctx;
  const countOf = async (table: typeof agentVersions | typeof agentAliases | typeof agentGrants): Promise<number> => {
    const [row] = await ctx.db
      .select({ count: count() })
      .from(table as typeof agentVersions)
      .where(and(eq(table.organizationId, organizationId), eq(table.agentId, agentId)));
    return row?.count ?? 0;
  };
  return {
    versions: await countOf(agentVersions),
    aliases: await countOf(agentAliases),
    grants: await countOf(agentGrants),
  };
}
