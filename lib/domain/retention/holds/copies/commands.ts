import { and, eq, sql } from "drizzle-orm";
import type { Sealed } from "#db/columns.ts";
import { heldContents, holds } from "#db/schema/holds.ts";
import { contents } from "#db/schema/usage.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { lastingKey, sealLastingBytes } from "#lib/core/keyring/lasting.ts";
import { logError } from "#lib/core/log.ts";
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
    for (const hold of open) copied += await copyOf(ctx, hold, openPack);
    return copied;
  },
});

/** Copies of holds that have ended, which nothing opens any more. */
async function removeEnded(ctx: AccountContext): Promise<void> {
  await ctx.db.execute(sql`delete from ${heldContents} using ${holds} where ${holds.state} = 'ended'
    and ${heldContents.organizationId} = ${holds.organizationId} and ${heldContents.holdId} = ${holds.id}`);
}

type HoldRow = typeof holds.$inferSelect;
type Pack = typeof contents.$inferSelect;

/** Each pack is tried once: one that does not open holds up no other, and is tried again the next time. */
async function copyOf(ctx: AccountContext, hold: HoldRow, openPack: OpenPack): Promise<number> {
  if (!hold.key) return 0;
  const sealer = await lastingKey(hold.key, hold.id);
  let copied = 0;
  for (let packs = await uncopied(ctx, hold); packs.length > 0; packs = await uncopied(ctx, hold, packs.at(-1))) {
    for (const pack of packs) {
      try {
        const sealed = sealLastingBytes(sealer, await openPack(pack), pack.id);
        copied += await keepCopy(ctx, hold, pack, sealed);
      } catch (error) {
        logError("holds.copy", error, { hold: hold.id, pack: pack.id });
      }
    }
  }
  return copied;
}

/** The next packs that a hold covers and has no copy of, after one of them. */
function uncopied(ctx: AccountContext, { organizationId, id, workspaceId }: HoldRow, after?: Pack): Promise<Pack[]> {
  const copies = sql`exists (select from ${heldContents} where ${heldContents.organizationId} = ${contents.organizationId}
    and ${heldContents.holdId} = ${id} and ${heldContents.hour} = ${contents.hour} and ${heldContents.id} = ${contents.id})`;
  return ctx.db
    .select()
    .from(contents)
    .where(
      and(
        eq(contents.organizationId, organizationId),
        workspaceId === null ? undefined : eq(contents.workspaceId, workspaceId),
        after && sql`(${contents.hour}, ${contents.id}) > (${after.hour.toISOString()}::timestamptz, ${after.id})`,
        sql`not ${copies}`,
      ),
    )
    .orderBy(contents.hour, contents.id)
    .limit(batchSize);
}

/** Says whether this process made the copy: 1 or 0. The hold counts it in the same transaction. */
const keepCopy = (ctx: AccountContext, hold: HoldRow, pack: Pack, sealed: Sealed): Promise<number> =>
  transaction(ctx, async (ctx) => {
    const { organizationId, id: holdId } = hold;
    const { id, hour, workspaceId, requestIds } = pack;
    const made = await ctx.db
      .insert(heldContents)
      .values({ organizationId, holdId, id, hour, workspaceId, requestIds, sealed })
      .onConflictDoNothing()
      .returning({ id: heldContents.id });
    await ctx.db
      .update(holds)
      .set({ packs: sql`${holds.packs} + ${made.length}` })
      .where(and(eq(holds.organizationId, organizationId), eq(holds.id, holdId)));
    return made.length;
  });
