import { and, desc, eq, ilike, isNotNull, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { storageDays, tunedModels } from "#db/schema/tuned-models.ts";
import { tuningCheckpoints } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { instantKey, keysetPage, type ListPage, nameKey } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { type Pico, pico } from "#lib/core/money.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import type { ContractModel } from "#lib/domain/contract/values/view.ts";
import { callerStanding } from "#lib/domain/sharing/queries.ts";
import type { TunedModelPlace } from "#lib/domain/tuned-models/input.ts";
import { tunedModelHere, tunedModelOf, tunedModelsOf, visibleTo } from "#lib/domain/tuned-models/queries.ts";
import { tunedModelKind, tunedModelOrder } from "#lib/domain/tuned-models/rules.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";

const title = sql`coalesce(${tunedModels.name}, ${tunedModels.id})`;
const byColumn = { name: nameKey(title), owner: nameKey(users.name), created: instantKey(tunedModels.createdAt) };

function matching(ctx: Context, { q, state, owner }: TunedModelPlace): SQL | undefined {
  const part = q && containing(q);
  return and(
    part ? or(ilike(tunedModels.id, part), ilike(tunedModels.name, part), ilike(users.name, part)) : undefined,
    state && eq(tunedModels.state, state),
    owner === "me" ? eq(tunedModels.ownerId, ctx.actor.id as Id<"user">) : undefined,
  );
}

/** A page of the tuned models the reader can see (T-4.2.3-CONF: what is not shared is not there). */
export async function tunedModelPage(ctx: Context, asked: TunedModelPlace): Promise<ListPage<TunedModelView>> {
  authorize(ctx.actor, "models.read");
  const standing = await callerStanding(ctx, tunedModelKind);
  const matches = and(tunedModelHere(ctx), visibleTo(standing), matching(ctx, asked));
  const page = await keysetPage(
    asked,
    { keys: byColumn, first: tunedModelOrder, id: tunedModels.id },
    {
      find: ({ place, where, order, limit }) =>
        ctx.db
          .select({ id: tunedModels.id, place })
          .from(tunedModels)
          .innerJoin(users, eq(users.id, tunedModels.ownerId))
          .where(and(matches, where))
          .orderBy(...order)
          .limit(limit),
      count: (sums) =>
        ctx.db.select(sums).from(tunedModels).innerJoin(users, eq(users.id, tunedModels.ownerId)).where(matches),
    },
  );
  const ids = page.rows.map(({ id }) => id);
  const views = new Map((await tunedModelsOf(ctx, { ids })).map((model) => [model.id, model]));
  return { ...page, rows: ids.flatMap((id) => views.get(id) ?? []) };
}

/** What can be asked in this workspace: the models of the platform, and those it tuned itself, at their base's price. */
export async function modelsToAsk(ctx: Context): Promise<ContractModel[]> {
  authorize(ctx.actor, "models.read");
  const [models, tuned] = await Promise.all([contractModels(ctx), tunedModelsOf(ctx, { states: ["active"] })]);
  const bases = new Map(models.map((model) => [model.id, model]));
  const own = tuned.flatMap((one): ContractModel[] => {
    const base = one.rights.has("use") ? bases.get(one.model) : undefined;
    return base ? [{ ...base, id: one.id, name: titleOf(one), description: one.description ?? "", aliases: [] }] : [];
  });
  return [...models, ...own];
}

/** What keeping a tuned model has cost so far. */
export async function storageSoFar(ctx: Context, id: string): Promise<Pico> {
  authorize(ctx.actor, "models.read");
  const [row] = await ctx.db
    .select({ sum: sql<string>`coalesce(sum(${storageDays.costPico}), 0)` })
    .from(storageDays)
    .where(and(eq(storageDays.organizationId, ctx.organizationId), eq(storageDays.modelId, id)));
  return pico(BigInt(row?.sum ?? 0));
}

export type KeptCheckpoint = {
  step: number;
  validLoss: number | null;
  trainLoss: number | null;
  accuracy: number | null;
};

/** The checkpoints of its job that still have weights, the last first. */
export async function keptCheckpoints(ctx: Context, id: string): Promise<KeptCheckpoint[]> {
  authorize(ctx.actor, "models.read");
  const { jobId } = await tunedModelOf(ctx, id);
  const { step, validLoss, trainLoss, accuracy } = tuningCheckpoints;
  return ctx.db
    .select({ step, validLoss, trainLoss, accuracy })
    .from(tuningCheckpoints)
    .where(
      and(
        eq(tuningCheckpoints.organizationId, ctx.organizationId),
        eq(tuningCheckpoints.jobId, jobId),
        isNotNull(tuningCheckpoints.blobId),
      ),
    )
    .orderBy(desc(step));
}
