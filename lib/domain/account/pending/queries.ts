import { and, eq, gt, lt } from "drizzle-orm";
import { pendingSignIns } from "#db/schema/factors.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { meansOf } from "#lib/domain/account/factors/queries.ts";
import type { Means } from "#lib/domain/account/factors/rules.ts";
import { triesMax } from "./rules.ts";

/** How the person whose password was right in this browser can show the rest, unless it is over. */
export async function pendingMeans(ctx: AccountContext, secret: string): Promise<Means | null> {
  authorize(ctx.actor, "account.open");
  const live = and(
    eq(pendingSignIns.hash, keyedHash(secret)),
    gt(pendingSignIns.expiresAt, ctx.now),
    lt(pendingSignIns.tries, triesMax),
  );
  const [row] = await ctx.db.select({ userId: pendingSignIns.userId }).from(pendingSignIns).where(live);
  return row ? meansOf(ctx, row.userId) : null;
}
