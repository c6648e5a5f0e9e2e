import { and, eq, gt, lt } from "drizzle-orm";
import { pendingSignIns } from "#db/schema/factors.ts";
import { authorize } from "#lib/access/authorize.ts";
import { meansOf } from "#lib/account/factors/queries.ts";
import type { Means } from "#lib/account/factors/rules.ts";
import type { AccountContext } from "#lib/context.ts";
import { keyedHash } from "#lib/secrets.ts";
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
