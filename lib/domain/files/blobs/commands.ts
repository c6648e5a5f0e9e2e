import { and, eq, isNotNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { blobs } from "#db/schema/files.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { type ByteRange, openStored, openStoredPart } from "#lib/core/keyring/stored.ts";
import { discardContent } from "#lib/domain/files/contents/commands.ts";
import type { Received } from "#lib/domain/files/view.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";

/**
 * Keeps a content that was received: the one with these bytes that the organization has already, locked until its user names
 * it, or else this one. Part of the transaction that makes the user's row.
 */
export const keepBlob = part(
  async (ctx: OrganizationContext, received: Omit<Received, "check">): Promise<Id<"blob">> => {
    const { organizationId, now: createdAt } = ctx;
    const { id, sha256, bytes, key, lineEnds } = received;
    const [made] = await ctx.db
      .insert(blobs)
      .values({ organizationId, id, sha256, bytes, key, lineEnds, createdAt })
      .onConflictDoNothing()
      .returning({ id: blobs.id });
    if (made) return made.id;
    const same = and(eq(blobs.organizationId, organizationId), eq(blobs.sha256, sha256), isNotNull(blobs.key));
    const [known] = await ctx.db.select({ id: blobs.id }).from(blobs).where(same).for("update");
    // It was being removed when this one came.
    if (!known) throw new AppError("unavailable", "Try again in a moment.", { retryAfter: 1 });
    await discardContent(ctx, received);
    return known.id;
  },
);

type Named = { organizationId: Id<"organization">; id: Id<"blob"> };

/** A content by itself, or a part of it, opened as it is read. Callers have shown that it may be read. */
export const openBlob = part(
  async (ctx: AccountContext, { organizationId, id }: Named, range?: ByteRange): Promise<AsyncIterable<Buffer>> => {
    const [found] = await ctx.db
      .select({ bytes: blobs.bytes, key: blobs.key })
      .from(blobs)
      .where(and(eq(blobs.organizationId, organizationId), eq(blobs.id, id)));
    if (!found?.key) throw new Fault("A content that is named has no key.");
    const { bytes, key: wrapped } = found;
    const stored = { place: blobPlace(organizationId, id), label: id, wrapped, bytes };
    return range ? openStoredPart(stored, range) : openStored(stored);
  },
);
