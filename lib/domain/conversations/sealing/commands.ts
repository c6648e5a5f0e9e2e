import { and, eq, isNull, sql } from "drizzle-orm";
import { conversationEntries, conversations, responses } from "#db/schema/conversations.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { newLastingKey, sealLasting } from "#lib/core/keyring/lasting.ts";
import { open } from "#lib/core/secrets.ts";
import { sealedParts } from "#lib/domain/conversations/queries.ts";
import { dropTraces } from "#lib/domain/retention/traces/commands.ts";

const batchSize = 100;

/**
 * Seals conversations of before there was a keyring, each under a key of its own, in batches, and leaves nothing of what
 * was readable in the tables. Does nothing where there are none.
 */
export const sealConversations = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let sealed = 0;
    for (let found = batchSize; found === batchSize; sealed += found) found = await sealSome(ctx);
    if (sealed === 0) return 0;
    await ctx.db.execute(sql`vacuum full conversations, conversation_entries, responses`);
    await dropTraces(ctx);
    return sealed;
  },
});

const sealSome = (ctx: AccountContext): Promise<number> =>
  transaction(ctx, async (ctx) => {
    const rows = await ctx.db
      .select()
      .from(conversations)
      .where(isNull(conversations.key))
      .limit(batchSize)
      .for("update", { skipLocked: true });
    for (const row of rows) await sealOne(ctx, row);
    return rows.length;
  });

type Row = typeof conversations.$inferSelect;
const nothing = { name: null, description: null, metadata: null, settings: null };

async function sealOne(ctx: AccountContext, { organizationId, id, unsealed }: Row): Promise<void> {
  const key = await newLastingKey(id);
  const anew = (bytes: Buffer, label: string) => sealLasting(key, JSON.parse(open(bytes, label).toString()), label);
  const entries = and(
    eq(conversationEntries.organizationId, organizationId),
    eq(conversationEntries.conversationId, id),
  );
  for (const { id: entry, position, sealed } of await ctx.db.select().from(conversationEntries).where(entries))
    await ctx.db
      .update(conversationEntries)
      .set({ sealed: anew(sealed, entry) })
      .where(and(entries, eq(conversationEntries.position, position)));
  const stored = and(eq(responses.organizationId, organizationId), eq(responses.conversationId, id));
  for (const { id: response, sealed } of await ctx.db.select().from(responses).where(stored))
    await ctx.db
      .update(responses)
      .set({ sealed: anew(sealed, response) })
      .where(and(stored, eq(responses.id, response)));
  await ctx.db
    .update(conversations)
    .set({ ...sealedParts(key, { id, ...nothing, ...unsealed }), unsealed: null })
    .where(and(eq(conversations.organizationId, organizationId), eq(conversations.id, id)));
}
