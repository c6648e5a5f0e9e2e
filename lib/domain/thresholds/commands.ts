import { max, sql } from "drizzle-orm";
import { thresholdVersions } from "#db/schema/orders.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { firstThresholds, type Thresholds } from "#lib/domain/contract/keys/rules.ts";
import { thresholdsInput } from "./input.ts";

/** T-5.2-ADV1: what everyone without an order of their own pays advances at, from an instant on. */
export const publishThresholds = command({
  can: "thresholds.decide",
  within: "account",
  input: thresholdsInput,
  run: async (ctx, { amounts, from }): Promise<number> => {
    const effectiveFrom = from ?? ctx.now;
    if (effectiveFrom < ctx.now) {
      throw new AppError("invalid", "What has been cannot be changed.", {
        fields: { from: ["Choose a time to come."] },
      });
    }
    return transaction(ctx, async (ctx) => write(ctx, (await lastVersion(ctx)) + 1, amounts, effectiveFrom));
  },
});

/** The first version, where there is none. */
export const publishFirstThresholds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      if ((await lastVersion(ctx)) === 0) await write(ctx, 1, firstThresholds, ctx.now);
    });
  },
});

/** Versions follow each other, also where two are published at once. */
async function lastVersion(ctx: AccountContext): Promise<number> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('threshold_versions'))`);
  const [row] = await ctx.db.select({ version: max(thresholdVersions.version) }).from(thresholdVersions);
  return row?.version ?? 0;
}

async function write(
  ctx: AccountContext,
  version: number,
  { amounts, step }: Thresholds,
  effectiveFrom: Date,
): Promise<number> {
  const stepCents = step === null ? null : BigInt(step);
  const made = { createdBy: ctx.actor.id, createdAt: ctx.now };
  await ctx.db
    .insert(thresholdVersions)
    .values({ version, amountsCents: amounts.map(BigInt), stepCents, effectiveFrom, ...made });
  return version;
}
