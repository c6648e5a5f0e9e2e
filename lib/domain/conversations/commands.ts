import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { conversations } from "#db/schema/conversations.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type Context, transaction } from "#lib/core/context.ts";
import { type Conversation, conversationKey, conversationOf, sealedParts } from "./queries.ts";

const named = (ctx: Context, id: Id<"conversation">) =>
  and(eq(conversations.organizationId, ctx.organizationId), eq(conversations.id, id));

export const renameConversation = command({
  can: "conversations.use",
  within: "workspace",
  run: async (ctx, id: string, name: string): Promise<Conversation> => {
    return transaction(ctx, async (ctx) => {
      const found = await conversationOf(ctx, id);
      const [row] = await ctx.db.select({ key: conversations.key }).from(conversations).where(named(ctx, found.id));
      const key = await conversationKey({ id: found.id, key: row?.key ?? null });
      await ctx.db
        .update(conversations)
        .set(sealedParts(key, { ...found, name }))
        .where(named(ctx, found.id));
      // The name is the person's own words, and the log is the organization's.
      await writeAudit(ctx, { action: "conversation.rename", object: { type: "conversation", id } });
      return { ...found, name };
    });
  },
});

/** Removes a conversation and everything said in it, at once. Branches that were made of it stay: they are copies. */
export const deleteConversation = command({
  can: "conversations.use",
  within: "workspace",
  run: async (ctx, id: string): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const found = await conversationOf(ctx, id);
      await ctx.db.delete(conversations).where(named(ctx, found.id));
      await writeAudit(ctx, { action: "conversation.delete", object: { type: "conversation", id } });
    });
  },
});
