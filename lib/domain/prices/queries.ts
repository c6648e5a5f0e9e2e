import { asc, desc, eq } from "drizzle-orm";
import { models, prices } from "#db/schema/models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { modelPriceOf } from "./rules.ts";
import type { PriceVersion } from "./view.ts";

/** Every version of every list price, the latest first. */
export async function versionsOfPrices(ctx: AccountContext): Promise<PriceVersion[]> {
  authorize(ctx.actor, "prices.decide");
  const rows = await ctx.db
    .select({ name: models.name, price: prices })
    .from(prices)
    .innerJoin(models, eq(models.id, prices.modelId))
    .orderBy(asc(models.id), desc(prices.validFrom));
  const inForce = new Map<string, Date>();
  for (const { price } of rows) {
    const { modelId, validFrom } = price;
    if (validFrom <= ctx.now && !inForce.has(modelId)) inForce.set(modelId, validFrom);
  }
  return rows.map(({ name, price }) => ({
    modelId: price.modelId,
    modelName: name,
    price: modelPriceOf(price),
    validFrom: price.validFrom,
    isInForce: inForce.get(price.modelId) === price.validFrom,
  }));
}

/** The models a price can be set for. */
export async function priceableModels(ctx: AccountContext): Promise<{ id: string; name: string }[]> {
  authorize(ctx.actor, "prices.decide");
  return ctx.db.select({ id: models.id, name: models.name }).from(models).orderBy(asc(models.id));
}
