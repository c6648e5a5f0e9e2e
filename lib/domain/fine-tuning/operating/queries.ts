import { asc, desc, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { leases } from "#db/schema/limits.ts";
import { trainers, tuningClaims, tuningJobs } from "#db/schema/tuning.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { OperatedJob } from "./view.ts";

const claimsShown = 20;

/** How a job stands, for the operator: its state, who trains it, and what it holds. No data and no name of its customer. */
export async function operatedJob(ctx: AccountContext, id: Id<"tuningJob">): Promise<OperatedJob> {
  authorize(ctx.actor, "system.operate");
  const [job] = await ctx.db.select().from(tuningJobs).where(eq(tuningJobs.id, id));
  if (!job) throw new AppError("not_found", `There is no fine-tuning job ${id}.`);
  const claims = await ctx.db
    .select({ claim: tuningClaims, trainer: trainers.name })
    .from(tuningClaims)
    .leftJoin(trainers, eq(trainers.id, tuningClaims.trainerId))
    .where(eq(tuningClaims.jobId, id))
    .orderBy(desc(tuningClaims.number))
    .limit(claimsShown);
  const held = job.lesseeId
    ? await ctx.db
        .select({ scope: leases.scope, month: leases.month, pico: leases.heldPico })
        .from(leases)
        .where(eq(leases.lesseeId, job.lesseeId))
        .orderBy(asc(leases.month), asc(leases.scope))
    : [];
  const { organizationId, workspaceId, status, model, trainerKind, trainedSteps, extent, failure, waitsFor } = job;
  return {
    ...{ id, organizationId, workspaceId, status, model, trainerKind, trainedSteps, failure, waitsFor, held },
    steps: extent?.steps ?? null,
    claims: claims.map(({ claim, trainer }) => ({
      id: claim.id,
      number: claim.number,
      trainer: trainer ?? "this installation",
      fromStep: claim.fromStep,
      claimedAt: claim.claimedAt,
      leaseUntil: claim.leaseUntil,
      endedAt: claim.endedAt,
      outcome: claim.outcome,
    })),
  };
}
