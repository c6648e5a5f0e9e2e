import { and, eq, isNotNull } from "drizzle-orm";
import { tunedModelServers } from "#db/schema/tuned-models.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, inOrganization, transaction } from "#lib/core/context.ts";
import { issueReceipt } from "#lib/domain/retention/receipts/commands.ts";
import { isToBeNamed } from "#lib/domain/tuned-models/deploying/rules.ts";
import { isSettled, type ServerRow, serversOnReceipt } from "#lib/domain/tuned-models/deploying/view.ts";

/**
 * Issues the receipt that servers have dropped a deleted model, once all have; one before, that names those that have not
 * after an hour.
 */
export const tellRemoved = part(async (ctx: AccountContext): Promise<void> => {
  const { organizationId, modelId, workspaceId } = tunedModelServers;
  const models = await ctx.db
    .selectDistinct({ organizationId, modelId, workspaceId })
    .from(tunedModelServers)
    .where(isNotNull(tunedModelServers.removedAt));
  for (const model of models) await tellOf(ctx, model);
});

type Deleted = Pick<ServerRow, "organizationId" | "modelId" | "workspaceId">;

async function tellOf(ctx: AccountContext, { organizationId, modelId, workspaceId }: Deleted): Promise<void> {
  const its = and(eq(tunedModelServers.organizationId, organizationId), eq(tunedModelServers.modelId, modelId));
  await transaction(inOrganization(ctx, organizationId), async (ctx) => {
    const rows = await ctx.db.select().from(tunedModelServers).where(its).for("update");
    const isOver = rows.every(isSettled);
    const isLate = rows.some(
      ({ removedAt, namedAt }) => removedAt !== null && namedAt === null && isToBeNamed(removedAt, ctx.now),
    );
    if (rows.length === 0 || !(isOver || isLate)) return;
    await issueReceipt(ctx, {
      cause: "own",
      clause: "T-4.2.3-DEL1",
      workspaceId,
      targets: [{ kind: "model", id: modelId }],
      removed: [],
      servers: serversOnReceipt(rows),
    });
    if (isOver) await ctx.db.delete(tunedModelServers).where(its);
    else await ctx.db.update(tunedModelServers).set({ namedAt: ctx.now }).where(its);
  });
}
