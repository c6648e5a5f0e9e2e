import { and, eq, inArray } from "drizzle-orm";
import { conversationEntries, conversations, responses } from "#db/schema/conversations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { sealLasting } from "#lib/core/keyring/lasting.ts";
import type { Conversation } from "#lib/domain/conversations/queries.ts";
import { type Kept, keepTurn } from "#lib/domain/conversations/turns/commands.ts";
import { responseOf } from "./queries.ts";
import type { KeptResponse } from "./view.ts";

/** Keeps a response as a turn of its conversation, with the entries that were made of it. */
export const keepResponse = command({
  can: "conversations.use",
  within: "workspace",
  run: async (
    ctx,
    place: { conversation: Conversation; isNew: boolean },
    entries: Kept[],
    response: KeptResponse,
  ): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const key = await keepTurn(ctx, place, entries);
      const { id, conversationId, previousId, ...content } = response;
      await ctx.db.insert(responses).values({
        organizationId: ctx.organizationId,
        id,
        conversationId,
        previousId,
        sealed: sealLasting(key, content, id),
        createdAt: ctx.now,
      });
    });
  },
});

/** Removes a response and what was said in it, and its conversation where nothing else was. */
export const deleteResponse = command({
  can: "conversations.use",
  within: "workspace",
  run: async (ctx, id: string): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const { id: found, conversationId, entries } = await responseOf(ctx, id);
      await ctx.db
        .delete(responses)
        .where(and(eq(responses.organizationId, ctx.organizationId), eq(responses.id, found)));
      const within = and(
        eq(conversationEntries.organizationId, ctx.organizationId),
        eq(conversationEntries.conversationId, conversationId),
      );
      if (entries.length > 0) {
        await ctx.db.delete(conversationEntries).where(and(within, inArray(conversationEntries.id, entries)));
      }
      const [left] = await ctx.db
        .select({ id: conversationEntries.id })
        .from(conversationEntries)
        .where(within)
        .limit(1);
      if (!left) await deleteEmpty(ctx, conversationId);
      await writeAudit(ctx, {
        action: "conversation.delete-response",
        object: { type: "conversation", id: conversationId },
      });
    });
  },
});

async function deleteEmpty(ctx: Context, id: Conversation["id"]): Promise<void> {
  await ctx.db
    .delete(conversations)
    .where(and(eq(conversations.organizationId, ctx.organizationId), eq(conversations.id, id)));
}
