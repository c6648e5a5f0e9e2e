import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { blobs } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { blobAt, blobPlace, blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";

export type MissingContent = { organizationId: Id<"organization">; id: Id<"blob">; bytes: number };
export type StorageReport = { contents: number; missing: MissingContent[]; orphans: number };

/** Holds contents and the objects of the storage against each other: contents whose bytes are gone, and objects of none. */
export async function storageReport(ctx: AccountContext): Promise<StorageReport> {
  authorize(ctx.actor, "system.operate");
  const owners = await ctx.db
    .selectDistinct({ id: blobs.organizationId })
    .from(blobs)
    .where(isNotNull(blobs.key))
    .orderBy(asc(blobs.organizationId));
  const report: StorageReport = { contents: 0, missing: [], orphans: 0 };
  let named = 0;
  for (const { id } of owners) {
    // Read first: what is received meanwhile has its object before its row.
    const rows = await contentsOf(ctx, id);
    const there = new Set<string>();
    for await (const place of storage().list(`${blobsPrefix}${id}/`)) there.add(blobAt(place));
    report.contents += rows.length;
    named += rows.filter((row) => there.has(row.id)).length;
    for (const row of rows) if (!there.has(row.id) && (await isMissing(ctx, row))) report.missing.push(row);
  }
  let all = 0;
  for await (const _ of storage().list(blobsPrefix)) all++;
  return { ...report, orphans: Math.max(0, all - named) };
}

const contentsOf = (ctx: AccountContext, organizationId: Id<"organization">): Promise<MissingContent[]> =>
  ctx.db
    .select({ organizationId: blobs.organizationId, id: blobs.id, bytes: blobs.bytes })
    .from(blobs)
    .where(and(eq(blobs.organizationId, organizationId), isNotNull(blobs.key)))
    .orderBy(asc(blobs.id));

/** Looked at again, because it may have been deleted meanwhile. */
async function isMissing(ctx: AccountContext, { organizationId, id }: MissingContent): Promise<boolean> {
  if ((await storage().size(blobPlace(organizationId, id))) !== null) return false;
  const its = and(eq(blobs.organizationId, organizationId), eq(blobs.id, id), isNotNull(blobs.key));
  return (await ctx.db.$count(blobs, its)) > 0;
}
