import { asc } from "drizzle-orm";
import { trainers } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";

export type TrainerView = Omit<typeof trainers.$inferSelect, "tokenHash">;

/** The workers that may fetch trainings, and those that no longer may. */
export async function trainersOf(ctx: AccountContext): Promise<TrainerView[]> {
  authorize(ctx.actor, "system.operate");
  const rows = await ctx.db.select().from(trainers).orderBy(asc(trainers.createdAt), asc(trainers.id));
  return rows.map(({ tokenHash: _hash, ...row }) => row);
}
