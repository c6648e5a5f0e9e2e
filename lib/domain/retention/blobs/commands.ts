import { and, eq, isNotNull, notExists, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { blobPlace, sweeping } from "./rules.ts";

const batchSize = 500;

/** Those that no file, checkpoint or tuned model has any more. */
const isUnused = (ctx: AccountContext): SQL | undefined =>
  and(
    ...[files, tuningCheckpoints, tunedModels].map((table) =>
      notExists(
        ctx.db
          .select({ one: sql`1` })
          .from(table)
          .where(and(eq(table.organizationId, blobs.organizationId), eq(table.blobId, blobs.id))),
      ),
    ),
  );

/** Removes contents that no file has any more, of one organization or of all: the object first, so that a failure is tried again. */
export const dropBlobs = part(async (ctx: AccountContext, organizationId?: Id<"organization">): Promise<number> => {
  const within = organizationId && eq(blobs.organizationId, organizationId);
  let dropped = 0;
  for (;;) {
    const found = await ctx.db
      .select({ organizationId: blobs.organizationId, id: blobs.id })
      .from(blobs)
      .where(and(within, isUnused(ctx)))
      .limit(batchSize);
    for (const blob of found) dropped += (await drop(ctx, blob)) ? 1 : 0;
    if (found.length < batchSize) return dropped;
  }
});

/**
 * The same for a transaction, which may be undone: their keys go with it, so no one opens them any more, and the bytes go with
 * the job that is queued.
 */
export const closeBlobs = part(async (ctx: AccountContext, organizationId: Id<"organization">): Promise<void> => {
  const unused = and(eq(blobs.organizationId, organizationId), isNotNull(blobs.key), isUnused(ctx));
  // Under the locks it is looked again: who had one first may have made a file of it.
  await ctx.db.select({ id: blobs.id }).from(blobs).where(unused).for("update");
  await ctx.db.update(blobs).set({ key: null }).where(unused);
  await enqueue(ctx, sweeping, {}, { key: "now" });
});

/** The same of one content whose last user may just have gone; says whether it was the last one. */
export const closeBlob = part(async (ctx: AccountContext, { organizationId, id }: Named): Promise<boolean> => {
  const it = and(eq(blobs.organizationId, organizationId), eq(blobs.id, id));
  await ctx.db.select({ id: blobs.id }).from(blobs).where(it).for("update");
  if ((await ctx.db.$count(blobs, and(it, isUnused(ctx)))) === 0) return false;
  await ctx.db.update(blobs).set({ key: null }).where(it);
  return true;
});

type Named = { organizationId: Id<"organization">; id: Id<"blob"> };

/** Who takes a content up for another file locks it first, so what is unused under the lock stays so. */
const drop = (ctx: AccountContext, { organizationId, id }: Named): Promise<boolean> =>
  transaction(ctx, async (ctx) => {
    const it = and(eq(blobs.organizationId, organizationId), eq(blobs.id, id));
    await ctx.db.select({ id: blobs.id }).from(blobs).where(it).for("update");
    if ((await ctx.db.$count(blobs, and(it, isUnused(ctx)))) === 0) return false;
    await storage().remove(blobPlace(organizationId, id));
    await ctx.db.delete(blobs).where(it);
    return true;
  });
