import { isDeepStrictEqual } from "node:util";
import { and, asc, desc, eq, not, notInArray, sql } from "drizzle-orm";
import { aliasMoves, modelAliases, modelChanges, models, prices } from "#db/schema/models.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { log } from "#lib/core/log.ts";
import { micros } from "#lib/core/money.ts";
import { addVersion } from "#lib/domain/prices/commands.ts";
import { modelPriceOf, tuningPriceOf } from "#lib/domain/prices/rules.ts";
import type { ConfiguredModel } from "#lib/engine/config.ts";
import type { CatalogueNews } from "./view.ts";

type Served = { upstream: string; model: ConfiguredModel };

/**
 * Brings the catalogue to what the configuration says, and tells where it does not follow. Models it no longer names stay,
 * unserved, because customers have notice of their end (T-4.2.1-DISC1); a name that stands for a model stays with it, and a
 * model that has a price keeps it: both are changed by staff, who write to the customers.
 */
export const publishCatalogue = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, served: readonly Served[]): Promise<CatalogueNews> =>
    transaction(ctx, async (ctx) => {
      // Two processes starting at once would otherwise publish the same price twice.
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('publishCatalogue'))`);
      const taken = await aliasesOf(ctx);
      const own = served.filter(({ model }) => !taken.has(model.id));
      const prices: string[] = [];
      for (const { upstream, model } of own) {
        await publishModel(ctx, upstream, model);
        if (!(await publishPrice(ctx, model))) prices.push(model.id);
      }
      const gone = await ctx.db
        .update(models)
        .set({ available: false })
        .where(and(eq(models.available, true), notInArray(models.id, ["", ...own.map(({ model }) => model.id)])))
        .returning({ id: models.id });
      for (const { id } of gone) log("model.unserved", { model: id, clause: "T-4.2.1-DISC1" });
      const names = await publishAliases(ctx, own);
      const lost = served.filter(({ model }) => taken.has(model.id)).map(({ model }) => model.id);
      return { unserved: await unservedModels(ctx), prices, names: [...names, ...lost] };
    }),
});

const aliasesOf = async (ctx: AccountContext): Promise<Map<string, string>> =>
  new Map((await ctx.db.select().from(modelAliases)).map(({ alias, modelId }) => [alias, modelId]));

/** Adds the names that stand for nothing yet; returns those that stay with another model. */
async function publishAliases(ctx: AccountContext, served: readonly Served[]): Promise<string[]> {
  const ids = new Set((await ctx.db.select({ id: models.id }).from(models)).map(({ id }) => id));
  const wanted = served
    .flatMap(({ model }) => model.aliases.map((alias) => ({ alias, modelId: model.id })))
    .filter(({ alias }) => !ids.has(alias));
  if (wanted.length > 0) await ctx.db.insert(modelAliases).values(wanted).onConflictDoNothing();
  const kept = await aliasesOf(ctx);
  const moved = await ctx.db.select().from(aliasMoves).orderBy(asc(aliasMoves.announcedAt), asc(aliasMoves.id));
  for (const { alias, modelId } of moved) kept.set(alias, modelId);
  return wanted.filter(({ alias, modelId }) => kept.get(alias) !== modelId).map(({ alias }) => alias);
}

/** Models that customers still have and no server does; those whose end has come for everyone are not missed. */
async function unservedModels(ctx: AccountContext): Promise<string[]> {
  const isRetired = sql`exists (select from ${modelChanges} where ${modelChanges.modelId} = ${models.id}
    and ${modelChanges.retiredAt} is not null)`;
  const rows = await ctx.db
    .select({ id: models.id })
    .from(models)
    .where(and(eq(models.available, false), not(isRetired)))
    .orderBy(asc(models.id));
  return rows.map(({ id }) => id);
}

async function publishModel(ctx: AccountContext, upstream: string, model: ConfiguredModel): Promise<void> {
  const row = {
    name: model.name ?? model.id,
    description: model.description,
    ownedBy: model.ownedBy ?? upstream,
    upstream,
    upstreamModel: model.upstreamModel ?? model.id,
    capabilities: model.capabilities,
    maxContextLength: model.maxContextLength,
    defaultTemperature: model.defaultTemperature ?? null,
    available: true,
  };
  await ctx.db
    .insert(models)
    .values({ id: model.id, createdAt: ctx.now, ...row })
    .onConflictDoUpdate({ target: models.id, set: row });
}

/** Gives a model its first price. False: the configuration says another one than holds, which it cannot change. */
async function publishPrice(ctx: AccountContext, { id, price }: ConfiguredModel): Promise<boolean> {
  if (!price) return true;
  const versions = await ctx.db.select().from(prices).where(eq(prices.modelId, id)).orderBy(desc(prices.validFrom));
  const wanted = {
    inputMicros: micros(price.input),
    cachedInputMicros: micros(price.cachedInput ?? price.input / 10n),
    outputMicros: micros(price.output),
    tuning: tuningPriceOf({
      trainingMicros: price.training ?? null,
      trainingMinimumPico: price.trainingMinimum ?? null,
      storageMonthPico: price.storageMonth ?? null,
    }),
  };
  if (versions.length === 0) return addVersion(ctx, id, wanted, ctx.now);
  // A price that was published once is in the file still; staff may have set others since.
  if (versions.some((version) => isDeepStrictEqual(modelPriceOf(version), wanted))) return true;
  const { tuning, ...tokens } = wanted;
  const isKnown = versions.some((version) =>
    isDeepStrictEqual({ ...modelPriceOf(version), tuning }, { ...tokens, tuning }),
  );
  const inForce = versions.find(({ validFrom }) => validFrom <= ctx.now);
  // What could not be tuned until now has no price of that to keep.
  if (!inForce || tuningPriceOf(inForce) || !tuning) return isKnown && !tuning;
  await addVersion(ctx, id, { ...modelPriceOf(inForce), tuning }, ctx.now);
  return isKnown;
}
