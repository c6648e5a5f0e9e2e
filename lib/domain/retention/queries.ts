import { sql } from "drizzle-orm";
import type { StatefulClass } from "#db/schema/zero-retention.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";

/** Whether something of this workspace may be kept: under zero retention only what the customer has kept (T-4.2.2.2-ZDR4). */
export async function mayKeep(ctx: Context, kind: StatefulClass): Promise<boolean> {
  authorize(ctx.actor, "workspace.read");
  const { organizationId, workspaceId } = ctx;
  const [row] = await ctx.db.execute<{ is_kept: boolean }>(
    sql`select not is_under_zero_retention(${organizationId}, ${workspaceId})
      or ${kind} = any (kept_classes(${organizationId}, ${workspaceId})) as is_kept`,
  );
  return row?.is_kept === true;
}
