import { and, eq, max } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversationEntries, conversations } from "#db/schema/conversations.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { seal } from "#lib/core/secrets.ts";
import { type Conversation, noConversation } from "#lib/domain/conversations/queries.ts";
import type { Entry } from "#lib/domain/conversations/rules.ts";

/** What one request to a model took, said beside the first entry of its answer. */
export type Took = {
  requestId: Id<"request">;
  promptTokens: number;
  completionTokens: number;
  costPico: bigint;
};

/** An entry to be kept, with what it took where it is the first of an answer. */
export type Kept = { entry: Entry; took?: Took | undefined };

/**
 * Keeps what was said in one turn, all of it or nothing: in a conversation that is new, or behind what it has by now, so
 * that of two turns at once neither is lost. One that was deleted meanwhile stays deleted.
 */
export const keepTurn = command({
  can: "conversations.use",
  within: "workspace",
  run: async (
    ctx,
    { conversation, isNew }: { conversation: Conversation; isNew: boolean },
    kept: Kept[],
  ): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const { id } = conversation;
      // Not in the audit log: what was asked is in the usage log, as many times as programs ask.
      if (isNew) await ctx.db.insert(conversations).values(conversation);
      const first = isNew ? 0 : await nextPosition(ctx, id);
      const rows = kept.map((one, index) => rowOf(ctx, id, first + index, one));
      if (rows.length > 0) await ctx.db.insert(conversationEntries).values(rows);
    });
  },
});

async function nextPosition(ctx: Context, id: Id<"conversation">): Promise<number> {
  const [locked] = await ctx.db
    .update(conversations)
    .set({ updatedAt: ctx.now })
    .where(and(eq(conversations.organizationId, ctx.organizationId), eq(conversations.id, id)))
    .returning({ id: conversations.id });
  if (!locked) throw noConversation();
  const [last] = await ctx.db
    .select({ position: max(conversationEntries.position) })
    .from(conversationEntries)
    .where(and(eq(conversationEntries.organizationId, ctx.organizationId), eq(conversationEntries.conversationId, id)));
  return (last?.position ?? -1) + 1;
}

function rowOf(ctx: Context, conversationId: Id<"conversation">, position: number, { entry, took }: Kept) {
  const made = "model" in entry ? entry : { agent_id: null, agent_version: null, model: null };
  return {
    organizationId: ctx.organizationId,
    conversationId,
    position,
    id: entry.id,
    type: entry.type,
    sealed: seal(Buffer.from(JSON.stringify(entry)), entry.id),
    agentId: made.agent_id as Id<"agent"> | null,
    agentVersion: made.agent_version,
    model: made.model,
    requestId: took?.requestId ?? null,
    promptTokens: took?.promptTokens ?? null,
    completionTokens: took?.completionTokens ?? null,
    costPico: took?.costPico ?? null,
    createdAt: new Date(entry.created_at),
    completedAt: entry.completed_at ? new Date(entry.completed_at) : null,
  };
}
