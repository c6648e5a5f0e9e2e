import { isDeepStrictEqual } from "node:util";
import { and, eq, inArray, notInArray, sql } from "drizzle-orm";
import { modelAliases, models, prices } from "#db/schema/models.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { log } from "#lib/core/log.ts";
import { micros } from "#lib/core/money.ts";
import { addVersion } from "#lib/domain/prices/commands.ts";
import { modelPriceOf, tuningPriceOf } from "#lib/domain/prices/rules.ts";
import type { ConfiguredModel } from "#lib/engine/config.ts";

type Served = { upstream: string; model: ConfiguredModel };

/**
 * Brings the catalogue to what the configuration says. Models it no longer names stay, unserved, because
 * usage speaks of them; a price that differs becomes a new version from now on.
 */
export const publishCatalogue = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, served: readonly Served[]): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      // Two processes starting at once would otherwise publish the same price twice.
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('publishCatalogue'))`);
      const ids = served.map(({ model }) => model.id);
      for (const { upstream, model } of served) {
        await publishModel(ctx, upstream, model);
        await publishPrice(ctx, model);
      }
      const gone = await ctx.db
        .update(models)
        .set({ available: false })
        .where(and(eq(models.available, true), notInArray(models.id, ids.length > 0 ? ids : [""])))
        .returning({ id: models.id });
      // T-4.2.1-DISC1: customers have six months of notice, so this is an outage until a server has it again.
      for (const { id } of gone) log("model.unserved", { model: id, clause: "T-4.2.1-DISC1" });
      // Other names of a model that is away stay its own.
      await ctx.db.delete(modelAliases).where(inArray(modelAliases.modelId, ids.length > 0 ? ids : [""]));
      const aliases = served.flatMap(({ model }) => model.aliases.map((alias) => ({ alias, modelId: model.id })));
      if (aliases.length > 0) await ctx.db.insert(modelAliases).values(aliases).onConflictDoNothing();
      if (ids.length > 0) await ctx.db.delete(modelAliases).where(inArray(modelAliases.alias, ids));
    });
  },
});

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

async function publishPrice(ctx: AccountContext, { id, price }: ConfiguredModel): Promise<void> {
  if (!price) return;
  const versions = await ctx.db.select().from(prices).where(eq(prices.modelId, id));
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
  const isSame = (version: (typeof versions)[number]): boolean => isDeepStrictEqual(modelPriceOf(version), wanted);
  // A price that was published once is in the file still; staff may have set others since.
  if (versions.some(isSame)) return;
  const inForce = versions
    .filter(({ validFrom }) => validFrom <= ctx.now)
    .toSorted((a, b) => b.validFrom.getTime() - a.validFrom.getTime())[0];
  const { tuning, ...tokens } = wanted;
  const isKnown = versions.some((version) => isDeepStrictEqual({ ...modelPriceOf(version), tuning }, wanted));
  const asItIs = isKnown && inForce ? modelPriceOf(inForce) : tokens;
  await addVersion(ctx, id, { ...asItIs, tuning }, ctx.now);
}
