import { count, eq, sql } from "drizzle-orm";
import { files } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { fileTerms } from "#lib/domain/contract/values/queries.ts";
import type { FileUse } from "./rules.ts";

/** What the organization's files are together, and what its contract gives. */
export async function fileUse(ctx: OrganizationContext): Promise<FileUse> {
  authorize(ctx.actor, "files.read");
  const terms = await fileTerms(ctx);
  const [row] = await ctx.db
    .select({ files: count(), bytes: sql`coalesce(sum(${files.bytes}), 0)`.mapWith(Number) })
    .from(files)
    .where(eq(files.organizationId, ctx.organizationId));
  return { files: row?.files ?? 0, bytes: row?.bytes ?? 0, ...terms };
}
