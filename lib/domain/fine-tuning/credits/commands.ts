import { and, eq } from "drizzle-orm";
import { uuidOf } from "#db/id.ts";
import { tuningJobs } from "#db/schema/tuning.ts";
import { command } from "#lib/core/command.ts";
import { transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { lockJob } from "#lib/domain/fine-tuning/status/commands.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { trainingCreditInput } from "./input.ts";

const picoPerCent = 10_000_000_000n;

/** Gives back what months of a training cost that failed on our side later, once, as credit of the customer's. */
export const giveTrainingCredit = command({
  can: "billing.decide",
  within: "account",
  input: trainingCreditInput,
  run: async (ctx, { organizationId, job: id }): Promise<void> => {
    await requireLook(ctx, organizationId);
    await transaction(ctx, async (ctx) => {
      const { creditDuePico } = await lockJob(ctx, { organizationId, id });
      if (creditDuePico === 0n) throw new AppError("conflict", "Nothing is due back for this job any more.");
      // A part of a cent is the customer's.
      const amount = (creditDuePico + picoPerCent - 1n) / picoPerCent;
      const reason = `Training ${uuidOf(id)} failed on our side`;
      await grantCredit(ctx, { organizationId, amount, kind: "goodwill", reason, expiresOn: undefined });
      await ctx.db
        .update(tuningJobs)
        .set({ creditDuePico: 0n })
        .where(and(eq(tuningJobs.organizationId, organizationId), eq(tuningJobs.id, id)));
    });
  },
});
