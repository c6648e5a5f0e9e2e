import { and, eq, sql } from "drizzle-orm";
import { heldContents, holds } from "#db/schema/holds.ts";
import { contents } from "#db/schema/usage.ts";
import { command } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { lastingKey, sealLastingBytes } from "#lib/core/keyring/lasting.ts";
import type { OpenPack } from "#lib/domain/retention/holds/view.ts";

const batchSize = 200;

/**
 * Copies what holds keep of the content log, before its thirty days are over or a purge takes it: each pack sealed under the
 * hold's own key. Says how many packs. What was copied before is left alone.
 */
export const copyHeld = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, openPack: OpenPack): Promise<number> => {
    await removeEnded(ctx);
    const open = await ctx.db
      .select()
      .from(holds)
      .where(and(eq(holds.state, "active"), sql`'content-log' = any(${holds.classes})`));
    let copied = 0;
    for (const hold of open)
      for (let found = batchSize; found === batchSize; copied += found) found = await copySome(ctx, hold, openPack);
    return copied;
  },
});

/** Copies of holds that have ended, which nothing opens any more. */
async function removeEnded(ctx: AccountContext): Promise<void> {
  await ctx.db.execute(sql`delete from ${heldContents} using ${holds} where ${holds.state} = 'ended'
    and ${heldContents.organizationId} = ${holds.organizationId} and ${heldContents.holdId} = ${holds.id}`);
}

async function copySome(ctx: AccountContext, hold: typeof holds.$inferSelect, openPack: OpenPack): Promise<number> {
  const { organizationId, id: holdId, workspaceId, key } = hold;
  if (!key) return 0;
  const copies = sql`exists (select from ${heldContents} where ${heldContents.organizationId} = ${contents.organizationId}
    and ${heldContents.holdId} = ${holdId} and ${heldContents.hour} = ${contents.hour} and ${heldContents.id} = ${contents.id})`;
  const packs = await ctx.db
    .select()
    .from(contents)
    .where(
      and(
        eq(contents.organizationId, organizationId),
        workspaceId === null ? undefined : eq(contents.workspaceId, workspaceId),
        sql`not ${copies}`,
      ),
    )
    .limit(batchSize);
  const sealer = await lastingKey(key, holdId);
  for (const pack of packs) {
    const { id, hour, requestIds } = pack;
    const sealed = sealLastingBytes(sealer, await openPack(pack), id);
    const copy = { organizationId, holdId, id, hour, workspaceId: pack.workspaceId, requestIds, sealed };
    await ctx.db.insert(heldContents).values(copy).onConflictDoNothing();
  }
  const its = and(eq(holds.organizationId, organizationId), eq(holds.id, holdId));
  if (packs.length > 0)
    await ctx.db
      .update(holds)
      .set({ packs: sql`${holds.packs} + ${packs.length}` })
      .where(its);
  return packs.length;
}
