import { asc, desc, eq, gt, lte, min, sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { aliasMoves, modelAliases, modelChanges, models, prices } from "#db/schema/models.ts";
import { micros } from "#lib/core/money.ts";
import { tuningPriceOf } from "#lib/domain/prices/rules.ts";
import type { Model } from "./view.ts";

/** The models with the prices in force, and until when (milliseconds since the epoch) those stay in force. */
export type Catalogue = {
  /** Those that a server has. */
  models: Model[];
  /** Also those that none has at the moment: they are away, not unknown. */
  byName: ReadonlyMap<string, Model>;
  validUntil: number;
};

const longestMs = 60_000;

export async function loadCatalogue(db: Db, at: Date): Promise<Catalogue> {
  const [next] = await db
    .select({ at: min(prices.validFrom) })
    .from(prices)
    .where(gt(prices.validFrom, at));
  const models = await modelsAt(db, at);
  const byName = new Map<string, Model>();
  for (const model of models) for (const name of [...model.aliases, model.id]) byName.set(name, model);
  await addChanges(db, byName);
  await addMoves(db, byName);
  const latest = at.getTime() + longestMs;
  const validUntil = Math.min(latest, next?.at?.getTime() ?? latest);
  return { models: models.filter(({ available }) => available), byName, validUntil };
}

/** Adds the announced ends, of each model the last one that was announced. */
async function addChanges(db: Db, byName: ReadonlyMap<string, Model>): Promise<void> {
  const changes = await db
    .selectDistinctOn([modelChanges.modelId])
    .from(modelChanges)
    .orderBy(asc(modelChanges.modelId), desc(modelChanges.announcedAt));
  for (const { modelId, id, announcedAt, retiresAt, retiredAt, replacement, reason } of changes) {
    const model = byName.get(modelId);
    if (model) model.change = { id, announcedAt, retiresAt, retiredAt, replacement, reason, successors: [] };
  }
  for (const { change } of byName.values()) if (change) change.successors = successorsOf(change.replacement, byName);
}

async function addMoves(db: Db, byName: ReadonlyMap<string, Model>): Promise<void> {
  const moves = await db.select().from(aliasMoves).orderBy(asc(aliasMoves.announcedAt), asc(aliasMoves.id));
  for (const { id, alias, modelId, announcedAt, fromAt } of moves) {
    const to = byName.get(modelId);
    if (to) byName.get(alias)?.moves.push({ id, alias, announcedAt, fromAt, to });
  }
}

/** Each lives longer than the one before, so the way comes to an end. */
function successorsOf(name: string, byName: ReadonlyMap<string, Model>): Model[] {
  const found = byName.get(name);
  if (!found) return [];
  return found.change ? [found, ...successorsOf(found.change.replacement, byName)] : [found];
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
    .orderBy(asc(models.id));
  return rows.map(({ model, aliases, inputMicros, cachedInputMicros, outputMicros, ...tuning }) => ({
    ...model,
    tuning: model.capabilities.fine_tuning ? tuningPriceOf(tuning) : null,
    aliases: aliases ?? [],
    change: null,
    moves: [],
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
