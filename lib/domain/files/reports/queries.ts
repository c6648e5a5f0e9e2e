import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { and, eq } from "drizzle-orm";
import { fileReports } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { openLastingBytes } from "#lib/core/keyring/lasting.ts";
import { blobOf, checkPieces, contentKey, openContent } from "#lib/domain/files/contents/commands.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { reportLabel } from "./rules.ts";

/** What looking through a file found. One that came before there were reports is looked through now. */
export async function reportOf(ctx: Context, file: Pick<StoredFile, "id" | "purpose">): Promise<CheckReport> {
  authorize(ctx.actor, "files.read");
  const named = { organizationId: ctx.organizationId, fileId: file.id };
  const [row] = await ctx.db
    .select({ report: fileReports.report })
    .from(fileReports)
    .where(and(eq(fileReports.organizationId, ctx.organizationId), eq(fileReports.fileId, file.id)));
  if (!row) return checkPieces(ctx, await openContent(ctx, named), file.purpose);
  const key = await contentKey(ctx, await blobOf(ctx, named));
  const plain = openLastingBytes(key, row.report, reportLabel(file.id));
  return JSON.parse((await promisify(gunzip)(plain)).toString()) as CheckReport;
}
