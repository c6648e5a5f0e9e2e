import { and, eq } from "drizzle-orm";
import { tunedModelServers, tunedModels } from "#db/schema/tuned-models.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, type Context, inOrganization, inWorkspace, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { tunedModelHere } from "#lib/domain/tuned-models/queries.ts";
import { type Deployer, deployersOf } from "#lib/engine/adapters/deployers.ts";
import { deploying } from "./input.ts";
import { deployableModels, serverRows } from "./queries.ts";
import { tellRemoved } from "./receipts/commands.ts";
import { goRound, type Round } from "./round/commands.ts";
import { isSameVerdict, verdictOn } from "./rules.ts";
import { noteServers, planServers } from "./servers/commands.ts";
import type { Deployable, ServerRow } from "./view.ts";

/** Has servers look at what is wanted now, soon after the transaction. */
export const askToDeploy = part((ctx: AccountContext): Promise<void> => enqueue(ctx, deploying, {}, { key: "now" }));

/** Has every server drop a model that is being deleted; says which servers that are. */
export const askToUnload = part(async (ctx: Context, modelId: string): Promise<ServerRow[]> => {
  const its = and(eq(tunedModelServers.organizationId, ctx.organizationId), eq(tunedModelServers.modelId, modelId));
  const unloading = { state: "unloading", removedAt: ctx.now, changedAt: ctx.now } as const;
  const rows = await ctx.db.update(tunedModelServers).set(unloading).where(its).returning();
  if (rows.length > 0) await askToDeploy(ctx);
  return rows;
});

/**
 * Brings the servers of all upstreams to what is wanted, notes what they have, and tells of what changed. Two rounds at once,
 * or one that was killed, leave nothing that the next does not put right.
 */
export const deployTunedModels = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, deployers: readonly Deployer[] = deployersOf(env())): Promise<void> => {
    // Read first, so that what is deleted meanwhile is not among those that this round finds dropped.
    const known = await serverRows(ctx);
    const models = await planServers(ctx, { known, deployers, models: await deployableModels(ctx) });
    const rounds = await goRound(ctx, deployers, models);
    await noteServers(ctx, { known, models, rounds });
    for (const model of models) await setVerdict(ctx, model, rounds);
    await tellRemoved(ctx);
  },
});

async function setVerdict(ctx: AccountContext, model: Deployable, rounds: readonly Round[]): Promise<void> {
  const own = rounds.filter(({ deployer }) => deployer.models.has(model.base));
  const verdict = verdictOn(model, new Map(own.map((one) => [one.deployer.upstream, one.found(model.target)])));
  if (!verdict || isSameVerdict(model, verdict)) return;
  const its = inWorkspace(inOrganization(ctx, model.organizationId), model.workspaceId);
  await transaction(its, async (ctx) => {
    const [row] = await ctx.db.select().from(tunedModels).where(tunedModelHere(ctx, model.id)).for("update");
    // Changed since it was read, it is the next round's.
    if (row?.blobId !== model.blob.id || row.state !== model.state || row.upstreamModel !== model.upstreamModel) return;
    await ctx.db
      .update(tunedModels)
      .set({ ...verdict, updatedAt: ctx.now })
      .where(tunedModelHere(ctx, model.id));
    const isSame = model.state === verdict.state && model.upstreamModel === verdict.upstreamModel;
    if (isSame) return;
    await writeAudit(ctx, {
      action: verdict.state === "active" ? "model.serve" : "model.stop-serving",
      object: { type: "model", id: model.id },
      before: { state: model.state },
      after: { state: verdict.state },
    });
  });
}
