import { tunedModels } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { callerStanding } from "#lib/domain/sharing/queries.ts";
import { grantsOfModel, tunedModelHere } from "#lib/domain/tuned-models/queries.ts";
import { tunedModelKind, tunedModelRights } from "#lib/domain/tuned-models/rules.ts";

/** The base of a tuned model that the person who builds an agent may have it ask; null: they may not. */
export async function tunedBase(ctx: Context, id: string): Promise<string | null> {
  authorize(ctx.actor, "agents.write");
  const who = await callerStanding(ctx, { ...tunedModelKind, read: "agents.write" });
  const [row] = await ctx.db
    .select({
      base: tunedModels.model,
      workspaceId: tunedModels.workspaceId,
      ownerId: tunedModels.ownerId,
      visibility: tunedModels.visibility,
      state: tunedModels.state,
      grants: grantsOfModel,
    })
    .from(tunedModels)
    .where(tunedModelHere(ctx, id));
  return row && tunedModelRights(who, row).has("use") ? row.base : null;
}
