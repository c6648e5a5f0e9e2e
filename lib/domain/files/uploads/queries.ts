import { and, eq, gt } from "drizzle-orm";
import { isId } from "#db/id.ts";
import { fileUploads } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

export type Upload = typeof fileUploads.$inferSelect;

/** An upload of one's own, unless its day is over. */
export async function uploadOf(ctx: Context, id: string): Promise<Upload> {
  authorize(ctx.actor, "files.write");
  const [found] = isId("upload", id)
    ? await ctx.db
        .select()
        .from(fileUploads)
        .where(
          and(
            eq(fileUploads.organizationId, ctx.organizationId),
            eq(fileUploads.workspaceId, ctx.workspaceId),
            eq(fileUploads.id, id),
            eq(fileUploads.createdBy, memberBehind(ctx.actor)),
            gt(fileUploads.expiresAt, ctx.now),
          ),
        )
    : [];
  if (!found)
    throw new AppError("not_found", "There is no such upload, or its day is over.", { code: "upload_not_found" });
  return found;
}
