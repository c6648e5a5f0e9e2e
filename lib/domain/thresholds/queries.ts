import { desc } from "drizzle-orm";
import { thresholdVersions } from "#db/schema/orders.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { ThresholdVersion } from "./view.ts";

/** Every version, the latest first. */
export async function versionsOfThresholds(ctx: AccountContext): Promise<ThresholdVersion[]> {
  authorize(ctx.actor, "thresholds.decide");
  const rows = await ctx.db.select().from(thresholdVersions).orderBy(desc(thresholdVersions.version));
  return rows.map(({ version, amountsCents, stepCents, effectiveFrom, createdAt }) => ({
    version,
    thresholds: { amounts: amountsCents.map(String), step: stepCents === null ? null : String(stepCents) },
    effectiveFrom,
    createdAt,
  }));
}
