import { asc, eq, gt } from "drizzle-orm";
import { organizations } from "#db/schema/organizations.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { TrainingCredit } from "./view.ts";

/** What staff have to give back, the oldest first. */
export async function trainingCredits(ctx: AccountContext): Promise<TrainingCredit[]> {
  authorize(ctx.actor, "billing.decide");
  const rows = await ctx.db
    .select({
      organizationId: tuningJobs.organizationId,
      organizationName: organizations.name,
      job: tuningJobs.id,
      endedAt: tuningJobs.endedAt,
      failure: tuningJobs.failure,
      duePico: tuningJobs.creditDuePico,
    })
    .from(tuningJobs)
    .innerJoin(organizations, eq(organizations.id, tuningJobs.organizationId))
    .where(gt(tuningJobs.creditDuePico, 0n))
    .orderBy(asc(tuningJobs.endedAt))
    .limit(200);
  return rows.map(({ failure, ...row }) => ({ ...row, failure: failure?.message ?? null }));
}
