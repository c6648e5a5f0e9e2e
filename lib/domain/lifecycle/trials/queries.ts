import { and, desc, eq } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { modelTrials } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";
import type { Trial, TrialPage } from "./view.ts";

const shownMost = 50;

/** What can be tried before a model ends; null where no end of it is announced to this customer. */
export async function trialPage(ctx: Context, modelId: string): Promise<TrialPage | null> {
  authorize(ctx.actor, "models.trial");
  const models = await modelsToAsk(ctx);
  const current = models.find(({ id }) => id === modelId) ?? null;
  const wanted = current?.ending?.replacement;
  if (!wanted) return null;
  const replacement = models.find(({ id }) => id === wanted) ?? null;
  return { modelId, current, replacement, trials: await trialsOf(ctx, modelId) };
}

const trialsOf = (ctx: Context, modelId: string): Promise<Trial[]> =>
  ctx.db
    .select({
      id: modelTrials.id,
      at: modelTrials.createdAt,
      byName: users.name,
      better: modelTrials.better,
      same: modelTrials.same,
      worse: modelTrials.worse,
      costPico: modelTrials.costPico,
      replacementCostPico: modelTrials.replacementCostPico,
      ms: modelTrials.ms,
      replacementMs: modelTrials.replacementMs,
    })
    .from(modelTrials)
    .leftJoin(users, eq(users.id, modelTrials.createdBy))
    .where(
      and(
        eq(modelTrials.organizationId, ctx.organizationId),
        eq(modelTrials.workspaceId, ctx.workspaceId),
        eq(modelTrials.modelId, modelId),
      ),
    )
    .orderBy(desc(modelTrials.id))
    .limit(shownMost);
