import { asc, desc, eq, gt, lte, min, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { modelAliases, models, prices } from "#db/schema/models.ts";
import { micros } from "#lib/core/money.ts";
import { tuningPriceOf } from "#lib/domain/prices/rules.ts";
import type { Model } from "./view.ts";

/** The models with the prices in force, and until when (milliseconds since the epoch) those stay in force. */
export type Catalogue = {
  models: Model[];
  byName: ReadonlyMap<string, Model>;
  /** Names of models that no server has at the moment: they were not announced to end, so they are away, not unknown. */
  unserved: ReadonlySet<string>;
  validUntil: number;
};

const longestMs = 60_000;

export async function loadCatalogue(db: Db, at: Date): Promise<Catalogue> {
  const [next] = await db
    .select({ at: min(prices.validFrom) })
    .from(prices)
    .where(gt(prices.validFrom, at));
  const [models, unserved] = await Promise.all([modelsAt(db, at), unservedNames(db)]);
  const byName = new Map<string, Model>();
  for (const model of models) for (const name of [...model.aliases, model.id]) byName.set(name, model);
  const latest = at.getTime() + longestMs;
  return { models, byName, unserved, validUntil: Math.min(latest, next?.at?.getTime() ?? latest) };
}

async function unservedNames(db: Db): Promise<Set<string>> {
  const rows = await db
    .select({ id: models.id, alias: modelAliases.alias })
    .from(models)
    .leftJoin(modelAliases, eq(modelAliases.modelId, models.id))
    .where(eq(models.available, false));
  return new Set(rows.flatMap(({ id, alias }) => (alias === null ? [id] : [id, alias])));
}

async function modelsAt(db: Db, at: Date): Promise<Model[]> {
  const current = db
    .selectDistinctOn([prices.modelId])
    .from(prices)
    .where(lte(prices.validFrom, at))
    .orderBy(asc(prices.modelId), desc(prices.validFrom))
    .as("current");
  const aliases = db
    .select({
      modelId: modelAliases.modelId,
      names: sql<string[]>`array_agg(${modelAliases.alias} order by ${modelAliases.alias})`.as("names"),
    })
    .from(modelAliases)
    .groupBy(modelAliases.modelId)
    .as("aliases");
  const rows = await db
    .select({
      model: models,
      aliases: aliases.names,
      inputMicros: current.inputMicros,
      cachedInputMicros: current.cachedInputMicros,
      outputMicros: current.outputMicros,
      trainingMicros: current.trainingMicros,
      trainingMinimumPico: current.trainingMinimumPico,
      storageMonthPico: current.storageMonthPico,
    })
    .from(models)
    .leftJoin(current, eq(current.modelId, models.id))
    .leftJoin(aliases, eq(aliases.modelId, models.id))
    .where(eq(models.available, true))
    .orderBy(asc(models.id));
  return rows.map(({ model, aliases, inputMicros, cachedInputMicros, outputMicros, ...tuning }) => ({
    ...model,
    tuning: model.capabilities.fine_tuning ? tuningPriceOf(tuning) : null,
    aliases: aliases ?? [],
    price:
      inputMicros !== null && cachedInputMicros !== null && outputMicros !== null
        ? {
            inputMicros: micros(inputMicros),
            cachedInputMicros: micros(cachedInputMicros),
            outputMicros: micros(outputMicros),
          }
        : null,
  }));
}
