import { desc, sql } from "drizzle-orm";
import { thresholdVersions } from "#db/schema/orders.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { centsString } from "#lib/core/money.ts";
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
    return transaction(ctx, async (ctx) => write(ctx, await lastVersion(ctx), amounts, effectiveFrom));
  },
});

/** The first version, where there is none. */
export const publishFirstThresholds = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await transaction(ctx, async (ctx) => {
      const last = await lastVersion(ctx);
      if (!last) await write(ctx, last, firstThresholds, ctx.now);
    });
  },
});

type Version = typeof thresholdVersions.$inferSelect;

/** Versions follow each other, also where two are published at once. */
async function lastVersion(ctx: AccountContext): Promise<Version | undefined> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext('threshold_versions'))`);
  const [last] = await ctx.db.select().from(thresholdVersions).orderBy(desc(thresholdVersions.version)).limit(1);
  return last;
}

async function write(
  ctx: AccountContext,
  last: Version | undefined,
  { amounts, step }: Thresholds,
  effectiveFrom: Date,
): Promise<number> {
  const row = {
    version: (last?.version ?? 0) + 1,
    amountsCents: amounts.map(BigInt),
    stepCents: step === null ? null : BigInt(step),
    effectiveFrom,
    createdBy: ctx.actor.id,
    createdAt: ctx.now,
  };
  await ctx.db.insert(thresholdVersions).values(row);
  await writeAudit(ofProvider(ctx), {
    action: "thresholds.publish",
    object: { type: "thresholds", id: String(row.version) },
    ...(last && { before: wordsOf(last) }),
    after: wordsOf(row),
    clause: "T-5.2-ADV1",
  });
  return row.version;
}

/** In euros, as staff write them. */
const wordsOf = ({ version, amountsCents, stepCents, effectiveFrom }: Omit<Version, "createdBy" | "createdAt">) => ({
  version,
  amounts: amountsCents.map(centsString),
  step: stepCents === null ? null : centsString(stepCents),
  from: effectiveFrom.toISOString(),
});
