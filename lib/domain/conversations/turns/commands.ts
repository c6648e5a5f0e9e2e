import { and, eq, max } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversationEntries, conversations } from "#db/schema/conversations.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { type LastingKey, newLastingKey, sealLasting } from "#lib/core/keyring/lasting.ts";
import { type Conversation, conversationKey, noConversation, sealedParts } from "#lib/domain/conversations/queries.ts";
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
 * that of two turns at once neither is lost. One that was deleted meanwhile stays deleted. Gives the conversation's key.
 */
export const keepTurn = command({
  can: "conversations.use",
  within: "workspace",
  run: async (
    ctx,
    { conversation, isNew }: { conversation: Conversation; isNew: boolean },
    kept: Kept[],
  ): Promise<LastingKey> =>
    transaction(ctx, async (ctx) => {
      const { id } = conversation;
      const { first, key } = isNew ? await begin(ctx, conversation) : await goOn(ctx, id);
      const rows = kept.map((one, index) => rowOf({ ctx, id, key, position: first + index }, one));
      if (rows.length > 0) await ctx.db.insert(conversationEntries).values(rows);
      return key;
    }),
});

type Place = { first: number; key: LastingKey };

/** Not in the audit log: what was asked is in the usage log, as many times as programs ask. */
async function begin(ctx: Context, conversation: Conversation): Promise<Place> {
  const { name: _, description: __, metadata: ___, settings: ____, ...row } = conversation;
  const key = await newLastingKey(row.id);
  await ctx.db.insert(conversations).values({ ...row, ...sealedParts(key, conversation) });
  return { first: 0, key };
}

async function goOn(ctx: Context, id: Id<"conversation">): Promise<Place> {
  const [locked] = await ctx.db
    .update(conversations)
    .set({ updatedAt: ctx.now })
    .where(and(eq(conversations.organizationId, ctx.organizationId), eq(conversations.id, id)))
    .returning({ id: conversations.id, key: conversations.key });
  if (!locked) throw noConversation();
  const [last] = await ctx.db
    .select({ position: max(conversationEntries.position) })
    .from(conversationEntries)
    .where(and(eq(conversationEntries.organizationId, ctx.organizationId), eq(conversationEntries.conversationId, id)));
  return { first: (last?.position ?? -1) + 1, key: await conversationKey(locked) };
}

type EntryPlace = { ctx: Context; id: Id<"conversation">; key: LastingKey; position: number };

function rowOf({ ctx, id: conversationId, key, position }: EntryPlace, { entry, took }: Kept) {
  const made = "model" in entry ? entry : { agent_id: null, agent_version: null, model: null };
  return {
    organizationId: ctx.organizationId,
    conversationId,
    position,
    id: entry.id,
    type: entry.type,
    sealed: sealLasting(key, entry, entry.id),
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
