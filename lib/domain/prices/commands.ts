import { and, desc, eq, gt, lte, sql } from "drizzle-orm";
import { models, prices } from "#db/schema/models.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { dayOf } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { pico, type TuningPrice } from "#lib/core/money.ts";
import { type PriceInput, priceInput } from "./input.ts";
import { earliestFrom, eurosOf, isIncrease, type ModelPrice, modelPriceOf, noticeDays } from "./rules.ts";

/** Makes a new version of a list price. A higher one needs 30 days of notice (T-7-SUB); versions are never changed. */
export const setPrice = command({
  can: "prices.decide",
  within: "account",
  input: priceInput,
  run: async (ctx, { model, input, cachedInput, output, from, ...tuning }): Promise<void> => {
    const validFrom = from ?? ctx.now;
    await transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('publishCatalogue'))`);
      if ((await ctx.db.$count(models, eq(models.id, model))) === 0)
        throw new AppError("not_found", "There is no such model.");
      const before = await priceAt(ctx, model, validFrom);
      const tokens = { inputMicros: input, cachedInputMicros: cachedInput, outputMicros: output };
      const price = { ...tokens, tuning: changed(before?.tuning ?? null, tuning) };
      refuseEarly(before, price, validFrom, ctx.now);
      await refuseHiddenIncrease(ctx, model, price, validFrom);
      if (!(await addVersion(ctx, model, price, validFrom)))
        throw new AppError("conflict", "Another version holds from that instant already.");
    });
  },
});

type GivenTuning = Pick<PriceInput, "training" | "trainingMinimum" | "storageMonth">;

/** What is left empty stays as it was. */
function changed(before: TuningPrice | null, given: GivenTuning): TuningPrice | null {
  const { training, trainingMinimum, storageMonth } = given;
  const trainingMicros = training ?? before?.trainingMicros;
  if (trainingMicros !== undefined)
    return {
      trainingMicros,
      trainingMinimumPico: trainingMinimum ?? before?.trainingMinimumPico ?? pico(0n),
      storageMonthPico: storageMonth ?? before?.storageMonthPico ?? pico(0n),
    };
  if (trainingMinimum === null && storageMonth === null) return null;
  const message = "Say what training costs as well: the model could not be tuned until now.";
  throw new AppError("invalid", message, { fields: { training: [message] } });
}

function refuseEarly(before: ModelPrice | undefined, price: ModelPrice, validFrom: Date, now: Date): void {
  const earliest = earliestFrom(before, price, now);
  if (validFrom >= earliest) return;
  const message =
    earliest > now
      ? `A higher price needs ${noticeDays} days of notice: it can hold after ${dayOf(earliest)} (UTC).`
      : "What has been cannot be changed.";
  throw new AppError("invalid", message, { fields: { from: [message] } });
}

/** Keeps a new version of a list price with its audit row, unless another holds from that instant already. */
export const addVersion = part(
  async (ctx: AccountContext, model: string, { tuning, ...price }: ModelPrice, validFrom: Date): Promise<boolean> => {
    const before = await priceAt(ctx, model, validFrom);
    const kept = await ctx.db
      .insert(prices)
      .values({ modelId: model, validFrom, ...price, ...tuning })
      .onConflictDoNothing()
      .returning({ modelId: prices.modelId });
    if (kept.length === 0) return false;
    await writeAudit(ofProvider(ctx), {
      action: "price.set",
      object: { type: "price", id: model },
      ...(before && { before: eurosOf(before) }),
      after: { ...eurosOf({ ...price, tuning }), from: validFrom.toISOString() },
      clause: "T-7-SUB",
    });
    return true;
  },
);

async function priceAt(ctx: AccountContext, model: string, at: Date): Promise<ModelPrice | undefined> {
  const [row] = await ctx.db
    .select()
    .from(prices)
    .where(and(eq(prices.modelId, model), lte(prices.validFrom, at)))
    .orderBy(desc(prices.validFrom))
    .limit(1);
  return row && modelPriceOf(row);
}

/** A version before one that is announced would make that one rise without notice. */
async function refuseHiddenIncrease(
  ctx: AccountContext,
  model: string,
  price: ModelPrice,
  validFrom: Date,
): Promise<void> {
  const [next] = await ctx.db
    .select()
    .from(prices)
    .where(and(eq(prices.modelId, model), gt(prices.validFrom, validFrom)))
    .orderBy(prices.validFrom)
    .limit(1);
  if (
    !next ||
    !isIncrease(price, modelPriceOf(next)) ||
    next.validFrom >= earliestFrom(price, modelPriceOf(next), ctx.now)
  )
    return;
  throw new AppError("conflict", `The price of ${dayOf(next.validFrom)} would then be a rise without notice.`);
}
