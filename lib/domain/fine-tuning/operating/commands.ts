import { and, eq, isNull } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { tuningClaims, tuningJobs } from "#db/schema/tuning.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { giveBack } from "#lib/domain/fine-tuning/claims/commands.ts";
import { lockJob, noteEvent, placeOf } from "#lib/domain/fine-tuning/status/commands.ts";

/**
 * Takes a job from the trainer that has it, so that another goes on from the last checkpoint. The one before hears at its next
 * report that the job is another's.
 */
export const releaseJob = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, { job: id }: { job: Id<"tuningJob"> }): Promise<{ claim: Id<"tuningClaim"> }> =>
    transaction(ctx, async (ctx) => {
      const [found] = await ctx.db
        .select({ organizationId: tuningJobs.organizationId })
        .from(tuningJobs)
        .where(eq(tuningJobs.id, id));
      if (!found) throw new AppError("not_found", `There is no fine-tuning job ${id}.`);
      const job = await lockJob(ctx, { organizationId: found.organizationId, id });
      const open = and(
        eq(tuningClaims.organizationId, job.organizationId),
        eq(tuningClaims.jobId, id),
        isNull(tuningClaims.endedAt),
      );
      const [claim] = await ctx.db.select().from(tuningClaims).where(open);
      if (!claim) throw new AppError("conflict", "No trainer has this job, so there is nothing to release.");
      await giveBack(ctx, claim);
      await noteEvent(ctx, job, "trainer_released", { number: claim.number });
      await writeAudit(placeOf(ctx, job), {
        action: "fine_tuning_job.release",
        object: { type: "fine_tuning_job", id },
        after: { turn: claim.number, step: job.trainedSteps },
      });
      return { claim: claim.id };
    }),
});
