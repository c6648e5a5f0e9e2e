import { eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tunedModels } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";

/** Where a tuned model belongs, for the operator who only has its id. */
export async function tunedModelPlace(
  ctx: AccountContext,
  id: string,
): Promise<{ organizationId: Id<"organization">; workspaceId: Id<"workspace"> }> {
  authorize(ctx.actor, "system.operate");
  const [row] = await ctx.db
    .select({ organizationId: tunedModels.organizationId, workspaceId: tunedModels.workspaceId })
    .from(tunedModels)
    .where(eq(tunedModels.id, id));
  if (!row) throw new AppError("not_found", `There is no tuned model ${id}.`);
  return row;
}

/** What no server serves yet, the longest waiting first. */
export async function unservedModels(ctx: AccountContext): Promise<{ id: string; model: string; createdAt: Date }[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db
    .select({ id: tunedModels.id, model: tunedModels.model, createdAt: tunedModels.createdAt })
    .from(tunedModels)
    .where(eq(tunedModels.state, "not_served"))
    .orderBy(tunedModels.createdAt, tunedModels.id);
}
